"""What the page may ask for: the shapes of the bodies that it posts."""

from __future__ import annotations

from typing import Annotated

import msgspec

from plan.fields import TransportName
from probe.sample_messages import SampleKind

MOST_AT_ONCE = 10_000


class SampleWish(msgspec.Struct):
    """Make up a message of a kind, with what a customer entered."""

    kind: SampleKind
    settings: dict[str, str] = {}


class MessageText(msgspec.Struct):
    """A message as it stands in the editor."""

    text: str
    settings: dict[str, str] = {}


class SendWish(msgspec.Struct):
    """Send messages, one after the other; `way` is the transport."""

    texts: Annotated[list[str], msgspec.Meta(max_length=MOST_AT_ONCE)]
    way: TransportName


class SamplesWish(msgspec.Struct):
    """Send made-up messages of a kind."""

    kind: SampleKind
    count: Annotated[int, msgspec.Meta(ge=1, le=MOST_AT_ONCE)]
    way: TransportName
    settings: dict[str, str] = {}


class DayWish(msgspec.Struct):
    """Play a day of so many messages."""

    messages: Annotated[int, msgspec.Meta(ge=1, le=MOST_AT_ONCE)]


class AgainWish(msgspec.Struct):
    """Send what a journey began with once more."""

    number: int
    way: TransportName


class KeepWish(msgspec.Struct):
    """Keep a journey's message under a name."""

    number: int
    name: str


class SkipWish(msgspec.Struct):
    """Skip the wait of one copy, or of all."""

    queued_id: str | None = None


class RegionWish(msgspec.Struct):
    """Take another region's plan."""

    region: str


class NoWish(msgspec.Struct):
    """Nothing to choose."""
