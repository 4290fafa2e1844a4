"""The module that makes an API's bodies out of a batch, as many events in each as may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workbench.partner_api.api_choices import EventList
from workbench.partner_api.field_sources import FieldSources
from workbench.partner_api.typed_bodies import BodyClass


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyShape:
    """What a body is made of: `event` is the class of one event.

    `events` is where the events are in it, none where a body is one event. `around` is the class
    that has the list, none where there is none or the list is the body.
    """

    event: BodyClass
    events: EventList | None
    around: BodyClass | None


_LIMIT_TEXT = '"""How many events a call may have, as the OpenAPI document says."""\n'
_CONTENT = '''"""What the API is told about a batch: the bodies of the calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from {package} import bodies
from firehose import (
    CustomEvent,
    Event,
    EventProcessingRequest,
    RejectedMessage,
    ScreenViewEvent,
    Secret,
    UserIdentityType,
)
'''
_HELPERS = {
    "_name(": '''

def _name(event: Event) -> str:
    """Give what the app called it; its kind where the app gives no name."""
    match event:
        case CustomEvent():
            return event.name or event.type
        case ScreenViewEvent():
            return event.screen_name or event.type
        case _:
            return event.type
''',
    "_attributes(": """

def _attributes(event: Event) -> dict[str, Any]:
    match event:
        case CustomEvent() | ScreenViewEvent():
            return {name: text for name, text in event.attributes.items() if text is not None}
        case _:
            return {}
""",
    "_required(": '''

def _required(request: EventProcessingRequest, kind: UserIdentityType) -> Secret:
    """Give an id that the API asks for; mParticle sends nobody without it, as registered."""
    if value := _person(request, kind):
        return value
    raise RejectedMessage(f"the user has no {kind}, which the API asks for")
''',
    "_person(": """

def _person(request: EventProcessingRequest, kind: UserIdentityType) -> Secret | None:
    return next((one.value for one in request.user_identities if one.type == kind), None)
""",
}
"""What the arguments call, each written where something does; former ones call later ones."""


def content_source(shape: BodyShape, sources: FieldSources, *, package: str) -> str:
    """Write the module `content` of a package."""
    functions = "".join(f"{line}\n" for line in _functions(shape, sources))
    for call, helper in _HELPERS.items():
        if call in functions:
            functions += helper
    most = shape.events.most if shape.events else None
    limit = f"\nMOST_EVENTS = {most}\n{_LIMIT_TEXT}" if most else ""
    return f"{_CONTENT.format(package=package)}{limit}{functions}"


def _functions(shape: BodyShape, sources: FieldSources) -> Iterator[str]:
    """Write what makes the bodies: one for each event, one for all, or one for as many as fit."""
    event, events, around = shape.event, shape.events, shape.around
    each, function = _of_one_event(event, sources)
    if events is None:
        yield from _bodies(f"bodies.{event.name}", [f"yield from ({each})"])
        yield from function
        return
    limit = "MOST_EVENTS" if events.most else "max(1, len(events))"
    some = f"events[start : start + {limit}]"
    kind = f"bodies.{around.name}" if around else f"list[bodies.{event.name}]"
    yield from _bodies(
        kind, [f"events = [{each}]", f"for start in range(0, len(events), {limit}):"]
    )
    if around is None:
        yield f"        yield {some}"
    else:
        yield f"        yield {kind}("
        yield from sources.arguments(around, "request", {str(events.field): some})
        yield "        )"
    yield from function


def _of_one_event(made: BodyClass, sources: FieldSources) -> tuple[str, list[str]]:
    """Write what makes the bodies of all events, and the function for one, with what it needs."""
    arguments = list(sources.arguments(made, "event"))
    code = " ".join(it.partition("#")[0] for it in arguments)
    kinds = {"event": "Event", "request": "EventProcessingRequest"}
    needed = [name for name in kinds if re.search(rf"(?<![\w\"]){name}(?=[.,)])", code)]
    event = "event" if "event" in needed else "_"
    return f"_event({', '.join(needed)}) for {event} in request.events", [
        "",
        "",
        f"def _event({', '.join(f'{it}: {kinds[it]}' for it in needed)}) -> bodies.{made.name}:",
        f"    return bodies.{made.name}(",
        *arguments,
        "    )",
    ]


def _bodies(kind: str, beginning: Sequence[str]) -> Iterator[str]:
    yield f"\n\ndef bodies_of(request: EventProcessingRequest) -> Iterator[{kind}]:"
    yield '    """Give the body of each call that passes a batch on."""'
    yield from (f"    {line}" for line in beginning)
