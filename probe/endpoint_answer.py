"""What mParticle gets back from a call, whatever it called, and what can be called."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Protocol

import msgspec

from plan.fields import TransportName

Json = dict[str, Any]
Body = Mapping[str, Any] | bytes
"""A message, or bytes that may be none."""

_LONGEST_SHOWN = 240
# How AWS names the death of a function, as opposed to an error that its code raised:
# docs.aws.amazon.com/lambda/latest/dg/troubleshooting-invocation.html
_DEATHS = ("Runtime.ExitError", "Runtime.ImportModuleError", "Runtime.OutOfMemory", "Sandbox.")
_TIMED_OUT = "Task timed out"


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointAnswer:
    """One answer, timed by the caller.

    `status` is that of HTTP; an invoked function answers 200 even when it fails, and 429 when AWS
    throttles it. `error` is then the function error's type and text, none otherwise. `content` is
    the parsed body, none where it is no JSON.
    """

    status: int
    content: Any = field(repr=False)
    milliseconds: float
    error: str | None = None

    @property
    def is_success(self) -> bool:
        """Whether mParticle takes the message for delivered: 200 or 202, and no function error."""
        return self.error is None and self.status in {HTTPStatus.OK, HTTPStatus.ACCEPTED}

    @property
    def is_throttled(self) -> bool:
        """Whether there was no capacity for the call."""
        return self.status == HTTPStatus.TOO_MANY_REQUESTS

    @property
    def died(self) -> bool:
        """Whether the function ended without an answer of its own: out of time or memory."""
        return self.error is not None and (
            self.error.startswith(_DEATHS) or _TIMED_OUT in self.error
        )

    def __str__(self) -> str:
        """Say what it was, shortened; a body is that of the endpoint and holds nothing secret."""
        if self.error is not None:
            return shortened(f"the function failed: {self.error}")
        return shortened(f"answered {self.status}: {json.dumps(self.content, ensure_ascii=False)}")


class Endpoint(Protocol):
    """Something that mParticle could call. Several threads may send at once."""

    @property
    def name(self) -> str:
        """Which one it is: a region, an ARN, a URL."""
        ...

    @property
    def transport(self) -> TransportName:
        """How it is called."""
        ...

    def serves(self, message_type: str) -> bool:
        """Whether messages of a type can be sent at all, as those over HTTPS without a token."""
        ...

    def send(self, body: Body, *, message_type: str) -> EndpointAnswer:
        """Call it once, as mParticle does with a message of this type.

        Raises `CommandError` when nobody answers.
        """
        ...


def as_bytes(body: Body) -> bytes:
    """Give what goes over the wire: compact, so that a size is what it was made to be."""
    return body if isinstance(body, bytes) else msgspec.json.encode(body)


def parsed(body: bytes) -> Any:
    """Parse a body; none where it is no JSON."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def shortened(text: str) -> str:
    """Cut a text to what fits a line or two."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
