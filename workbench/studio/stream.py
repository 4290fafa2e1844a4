"""What happens, as server-sent events: rows of the list that changed, and the session's state."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from workbench.studio.journey import Journey
from workbench.studio.records import row_of
from workbench.studio.session import StudioSession
from workbench.studio.session_state import state_of

_TICK_SECONDS = 0.05
_MOST_ROWS = 500
"""Of one event, so that a page that has just been opened is not kept from drawing."""


async def events(session: StudioSession) -> AsyncIterator[str]:
    """Give every row that is remembered, then each that changes, and the state when it does.

    A row that changes often between two ticks is sent once, as it is then.
    """
    changed: dict[int, Journey] = {}
    loop = asyncio.get_running_loop()

    def note(journey: Journey) -> None:
        changed[journey.number] = journey

    def listener(journey: Journey) -> None:
        loop.call_soon_threadsafe(note, journey)

    state: dict[str, Any] | None = None
    with session.journeys.listening(listener):
        changed |= {it.number: it for it in session.journeys.all()}
        while not session.has_ended.is_set():
            now = state_of(session)
            if now != state:
                yield _event("state", now)
                state = now
            numbers = sorted(changed, reverse=True)[:_MOST_ROWS]
            if numbers:
                journeys = [changed.pop(number) for number in numbers]
                kept = [it for it in journeys if session.journeys.get(it.number) is it]
                yield _event("rows", [row_of(it) for it in kept])
            await asyncio.sleep(_TICK_SECONDS)


def _event(name: str, content: object) -> str:
    return f"event: {name}\ndata: {json.dumps(content)}\n\n"
