"""mParticle: sends each message once, or over HTTPS until it is answered."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from endpoint.answering import ProcessingError
from endpoint.failures import QueueError
from tests.simulation.functions import Died, Function
from tests.simulation.ledger import Fate, Ledger
from tests.simulation.scheduler import Scheduler

CUSTOMERS = 3
_REPEATS = 4
_NAMES = ("event_processing_request", "dsr_processing_request")
_MESSAGES = Path(__file__).parents[2] / "probe" / "messages"


class MParticle:
    """Calls the endpoint and believes what it answers. `unsent` counts what it still has to say."""

    def __init__(self, scheduler: Scheduler, ledger: Ledger, endpoint: Function) -> None:
        self.unsent = 0
        self._scheduler = scheduler
        self._ledger = ledger
        self._endpoint = endpoint

    def send(self, fate: Fate, *, within: float) -> tuple[str, str]:
        """Send a message at some time within so many seconds; give its id and its text."""
        random = self._scheduler.random
        message_id, body = _message(fate, random.choice(_NAMES))
        self._ledger.fates[body] = fate
        tries = _REPEATS if random.random() < 0.5 else 1  # half of them over HTTPS
        self.unsent += 1
        delay = random.uniform(0, within)
        self._scheduler.spawn(lambda: self._call(fate, body, tries=tries), delay=delay)
        return message_id, body

    def _call(self, fate: Fate, body: str, *, tries: int) -> None:
        for _ in range(tries):
            fate.sent_at = self._scheduler.now
            stored: set[str] = set()
            try:
                self._endpoint.invoke(body.encode(), stored=stored)
            except ProcessingError as error:
                if error.failure.lasts:
                    self._ledger.turned_away(body)
                    break
            except (QueueError, Died):
                pass
            else:
                self._ledger.acknowledged(body)
                break
            fate.forks += body in stored
            self._scheduler.sleep(self._scheduler.random.uniform(1, 10))
        self.unsent -= 1


@cache
def _sample(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_MESSAGES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def _message(fate: Fate, name: str) -> tuple[str, str]:
    message_id = f"{fate.number:08x}-0f4c-4b8e-9f0b-0d6a3f1c7a07"
    content = _sample(name) | {"id": message_id}
    content["account"] = content["account"] | {"account_id": 1001 + fate.customer}
    return message_id, json.dumps(content)
