"""Sample messages of every type that mParticle sends: by type, seed, size and shape."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import cycle
from typing import cast

import msgspec

from firehose import PROTOCOL_VERSION
from probe.endpoint_answer import Json
from probe.sample_shape import SampleShape
from probe.sample_variation import Variation, sample_parts

FIRST_MOMENT_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z: no message takes its time from the clock, so that seeds repeat."""
EVERYTHING = SampleShape()
_CHANNELS = {"unknown": "server_to_server", "mobileweb": "javascript"}
"""How data of a platform comes in, if not through a native SDK."""


class SampleKind(StrEnum):
    """What can be made: the five request types, and the forms of two of them without content."""

    REGISTRATION = "module_registration_request"
    EVENTS = "event_processing_request"
    EVENTS_IDLE = "event_processing_request_idle"
    EVENTLESS = "event_processing_request_eventless"
    SUBSCRIPTION = "audience_subscription_request"
    MEMBERSHIP = "audience_membership_change_request"
    MEMBERSHIP_IDLE = "audience_membership_change_request_idle"
    ERASURE = "dsr_processing_request"

    @property
    def type(self) -> str:
        """The type of the message."""
        return self.removesuffix("_idle").removesuffix("_eventless")


class SizeError(ValueError):
    """No message of this kind has this size; says which kinds have sizes, or the smallest."""


def some_seed() -> int:
    """Draw a seed that a person can type again."""
    return secrets.randbelow(2**32)


def sample_messages(
    kinds: Sequence[SampleKind],
    *,
    seed: int,
    size: int | None = None,
    shape: SampleShape = EVERYTHING,
) -> Iterator[Json]:
    """Make messages without end, of each kind in turn; the same arguments give the same messages.

    `size` is of the compact JSON in bytes and is met exactly. Raises `SizeError` when a message
    has no such size.
    """
    source = _SampleSource(seed, shape)
    for number, kind in enumerate(cycle(kinds)):
        source.vary.moment_ms = FIRST_MOMENT_MS + 1_000 * number
        yield source.message(kind) if size is None else source.of_size(kind, size)


def sample_message(kind: SampleKind, *, seed: int, size: int | None = None) -> Json:
    """Make one message. Raises `SizeError` as `sample_messages` does."""
    return next(sample_messages([kind], seed=seed, size=size))


class _SampleSource:
    """One customer's messages, one after the other."""

    def __init__(self, seed: int, shape: SampleShape) -> None:
        self.vary = Variation(seed, shape)
        self._shape = shape
        self.vary.draws |= {
            "events": lambda _: self._events(),
            "platform": lambda _: self._platform(),
            "profiles": lambda _: self._profiles(),
            "total": lambda _: 0,  # known with the products
        }
        self._account = {
            "account_id": self.vary.random.randint(1_000, 9_999),
            "account_settings": dict(shape.settings),
        }

    def message(self, kind: SampleKind) -> Json:
        vary = self.vary
        vary.meet()
        canonical = sample_parts()["message"][kind.type]
        message: Json = {
            "type": kind.type,
            "id": vary.guid(),
            "timestamp_ms": vary.moment_ms,
            "firehose_version": PROTOCOL_VERSION,
        }
        if kind is SampleKind.REGISTRATION:
            return message
        message["account"] = self._account
        if kind is SampleKind.EVENTS_IDLE:
            account = {"account_id": self._account["account_id"]}
            return message | {"account": account, "events": []}
        if kind is SampleKind.MEMBERSHIP_IDLE:
            return message
        message |= vary.filled(canonical)
        if kind is SampleKind.EVENTLESS:
            message["events"] = []
        if kind is SampleKind.SUBSCRIPTION:
            message["audience_subscription_settings"] = dict(self._shape.settings)
        platform = message.get("runtime_environment", {}).get("type")
        if platform in _CHANNELS:
            message["source_channel"] = _CHANNELS[platform]
        return cast("Json", self._shape.pruned(message))

    def of_size(self, kind: SampleKind, size: int) -> Json:
        """Bring a small message to a size: with one item more after another, then with a note."""
        if kind not in (SampleKind.EVENTS, SampleKind.MEMBERSHIP):
            sized = f"{SampleKind.EVENTS} and {SampleKind.MEMBERSHIP}"
            raise SizeError(f"found a size for {kind}, allowed for {sized}")
        if kind is SampleKind.EVENTS and not self._shape.events:
            raise SizeError(f"found a size for {kind}, but the integration registers no events")
        message = self.message(kind)
        if kind is SampleKind.EVENTS:
            small = ("type", "id", "timestamp_ms", "firehose_version", "account", "mpid")
            message = {name: message[name] for name in small if name in message}
            message |= {"user_attributes": {}, "events": []}
            note, name, items = message["user_attributes"], "note", message["events"]
        else:
            items = message["user_profiles"] = message["user_profiles"][:1]
            items[0]["audiences"] = items[0]["audiences"][:1]
            note, name = {"key": "note", "action": "upsert"}, "value"
            items[0]["audiences"][0].setdefault("user_attributes", []).append(note)
        note[name] = "x"
        left = size - size_of(message)
        if left < 0:
            raise SizeError(f"found {size} bytes, the smallest {kind} here has {size - left} bytes")
        while True:
            item = self._event() if kind is SampleKind.EVENTS else self._profile()
            item = cast("Json", self._shape.pruned(item))
            bytes_more = size_of(item) + (1 if items else 0)  # and the comma before it
            if bytes_more > left:
                note[name] += "x" * left
                return message
            items.append(item)
            left -= bytes_more

    def _events(self) -> list[Json]:
        """Make up to eight events of one session, whose start comes first and whose end last."""
        kinds = self.vary.some(list(self._shape.events), 8)
        kinds.sort(key=lambda kind: {"session_start": -1, "session_end": 1}.get(kind, 0))
        moment_ms, session = self.vary.moment_ms - 5_000 * len(kinds), self.vary.signed_64_bit()
        events = []
        for kind in kinds:
            moment_ms += self.vary.random.randint(1, 5_000)
            events.append(self._event(kind, timestamp_ms=moment_ms, session_id=session))
        return events

    def _event(self, kind: str = "", **when: int) -> Json:
        kind = kind or self.vary.random.choice(list(self._shape.events))
        event = self.vary.filled(sample_parts()["event"][kind])
        if products := event.get("products"):
            event["total_amount"] = round(sum(it["total_amount"] for it in products) + 4.95, 2)
        about = {"type": kind, "id": self.vary.guid(), "source_id": self.vary.guid()}
        place = {"location": self.vary.location()} if self.vary.random.random() < 0.3 else {}
        return {**about, "timestamp_ms": self.vary.moment_ms, **when, **place, **event}

    def _profile(self) -> Json:
        self.vary.meet()
        profile: Json = self.vary.filled(sample_parts()["part"]["profile"])
        for audience in profile["audiences"]:
            audience["audience_subscription_settings"] = dict(self._shape.settings)
        return profile

    def _profiles(self) -> list[Json]:
        return [self._profile() for _ in range(self.vary.random.randint(1, 4))]

    def _platform(self) -> Json:
        platforms = self._shape.known_platforms
        if not platforms:
            return {"type": "unknown"}
        kind = self.vary.random.choice(platforms)
        return {
            "type": kind,
            "sdk_version": f"8.{self.vary.random.randrange(20)}.0",
            "is_debug": self.vary.random.random() < 0.1,
            "client_ip_address": f"198.51.100.{self.vary.random.randint(1, 254)}",
            "timezone_offset": self.vary.random.randint(-11, 12),
            **self.vary.filled(sample_parts()["platform"][kind]),
        }


def size_of(message: Json) -> int:
    """Give the bytes of a message's compact JSON."""
    return len(msgspec.json.encode(message))
