"""Calls that an integration makes, and what a service on this machine answers them.

`local.stand_in` has the services.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """What the service does with a call: answer after `seconds`, or cut the connection.

    It answers as soon as `sooner` is set, where there is one.
    """

    status: int = 200
    body: bytes = b""
    retry_after: int | None = None
    seconds: float = 0.0
    resets: bool = False
    content_type: str = "application/json"
    sooner: threading.Event | None = None


BEHAVIOURS: dict[str, Behaviour] = {
    "ok": Behaviour(),
    "unauthorized": Behaviour(status=401),
    "busy": Behaviour(status=429, retry_after=1),
    "error": Behaviour(status=500),
    "slow": Behaviour(seconds=1),
    "reset": Behaviour(resets=True),
}
BehaviourName = Literal["ok", "unauthorized", "busy", "error", "slow", "reset"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedCall:
    """One request that an integration made: `path` with its query, names of headers in lower case.

    `origin` is where it was meant to go, such as `https://api.acme.example`, where a door of its
    own (`local.stand_in_doors`) tells; else empty.
    The body and headers may hold personal data and keys, so neither is in the `repr`.
    """

    method: str
    origin: str = ""
    path: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def url(self) -> str:
        """Where it was meant to go, as a whole; from the path on where that is not known."""
        return f"{self.origin}{self.path}"

    @property
    def message_id(self) -> str:
        """The `id` in a JSON body, by which a call is counted; empty where there is none."""
        try:
            content = json.loads(self.body)
        except ValueError:
            return ""
        return str(content.get("id", "")) if isinstance(content, dict) else ""

    @property
    def idempotency_key(self) -> str:
        """What the service knows a repetition by; empty where the integration sends nothing."""
        return self.headers.get("idempotency-key", "")


Choice = Callable[[ReceivedCall], Behaviour]
"""Chooses the behaviour of a call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceExchange:
    """A call that an integration made, and what it was answered.

    It `began` at a moment of `perf_counter`, and its answer took so many `seconds`, where that was
    measured.
    """

    call: ReceivedCall
    answer: Behaviour
    began: float = 0.0
    seconds: float = 0.0


def always(name: BehaviourName) -> Choice:
    """Choose the same for every call."""
    return lambda _call: BEHAVIOURS[name]


def in_turn(answers: Sequence[Behaviour]) -> Choice:
    """Answer the calls one after the other; the last answer stays, and without any all is well."""
    left = list(answers) or [Behaviour()]
    turn = threading.Lock()  # calls come in several threads

    def choose(_call: ReceivedCall) -> Behaviour:
        with turn:
            return left.pop(0) if len(left) > 1 else left[0]

    return choose
