"""Messages of every type that mParticle sends, made up: by type, seed and size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import cycle, islice
from typing import Any

import msgspec

from firehose import Account, Secret
from probe.samples import audiences, batches, requests
from probe.samples.chance import Chance

Json = dict[str, Any]

FIRST_MOMENT_MS = 1_767_225_600_000
"""2026-01-01T00:00:00Z: no message takes its time from the clock, so that seeds repeat."""
SETTINGS = {"apiKey": "sample-key"}
"""What a customer has entered for the shipped example."""


class Kind(StrEnum):
    """What can be made: the five request types, and the forms of two of them without content."""

    REGISTRATION = "module_registration_request"
    EVENTS = "event_processing_request"
    EVENTS_IDLE = "event_processing_request_idle"
    EVENTLESS = "event_processing_request_eventless"
    SUBSCRIPTION = "audience_subscription_request"
    MEMBERSHIP = "audience_membership_change_request"
    MEMBERSHIP_IDLE = "audience_membership_change_request_idle"
    ERASURE = "dsr_processing_request"


class SizeError(ValueError):
    """No message of this kind has this size; says which kinds have sizes, or the smallest."""


def messages(
    kinds: Sequence[Kind],
    *,
    seed: int,
    size: int | None = None,
    settings: Mapping[str, str] = SETTINGS,
) -> Iterator[Json]:
    """Make messages without end, of each kind in turn; the same arguments give the same messages.

    `size` is of the compact JSON in bytes and is met exactly. `settings` are the account settings,
    by id. Raises `SizeError` when a message has no such size.
    """
    chance = Chance(seed)
    account = Account(
        account_id=chance.randint(1_000, 9_999),
        account_settings={name: Secret(value) for name, value in settings.items()},
    )
    for number, kind in enumerate(cycle(kinds)):
        moment_ms = FIRST_MOMENT_MS + 1_000 * number
        if size is None:
            yield _MAKERS[kind](chance, account, moment_ms)
        else:
            yield _of_size(kind, size, chance, account, moment_ms)


def one(kind: Kind, *, seed: int, size: int | None = None) -> Json:
    """Make one message. Raises `SizeError` as `messages` does."""
    return next(islice(messages([kind], seed=seed, size=size), 1))


def size_of(message: Json) -> int:
    """Give the bytes of a message's compact JSON."""
    return len(msgspec.json.encode(message))


_MAKERS: dict[Kind, Callable[[Chance, Account, int], Json]] = {
    Kind.REGISTRATION: requests.registration,
    Kind.EVENTS: batches.batch,
    Kind.EVENTS_IDLE: batches.idle,
    Kind.EVENTLESS: batches.eventless,
    Kind.SUBSCRIPTION: audiences.subscription,
    Kind.MEMBERSHIP: audiences.membership,
    Kind.MEMBERSHIP_IDLE: audiences.idle,
    Kind.ERASURE: requests.erasure,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Growing:
    """How a kind is brought to a size: from the `small` form, one item of a list after another.

    `note` gives an object and the name of a text in it, which makes up what is left.
    """

    small: Callable[[Chance, Account, int], Json]
    items: str
    item: Callable[[Chance, int], Json]
    note: Callable[[Json], tuple[Json, str]]


def _note_about_the_first_person(message: Json) -> tuple[Json, str]:
    note: Json = {"key": "note", "action": "upsert"}
    message["user_profiles"][0]["audiences"][0].setdefault("user_attributes", []).append(note)
    return note, "value"


_GROWING = {
    Kind.EVENTS: _Growing(
        small=batches.small,
        items="events",
        item=batches.one_event,
        note=lambda message: (message["user_attributes"], "note"),
    ),
    Kind.MEMBERSHIP: _Growing(
        small=audiences.small,
        items="user_profiles",
        item=lambda chance, _moment_ms: audiences.one_profile(chance),
        note=_note_about_the_first_person,
    ),
}


def _of_size(kind: Kind, size: int, chance: Chance, account: Account, moment_ms: int) -> Json:
    growing = _GROWING.get(kind)
    if growing is None:
        raise SizeError(f"found a size for {kind}, allowed for {' and '.join(_GROWING)}")
    message = growing.small(chance, account, moment_ms)
    note, name = growing.note(message)
    note[name] = "x"
    left = size - size_of(message)
    if left < 0:
        raise SizeError(f"found {size} bytes, the smallest {kind} here has {size - left} bytes")
    items: list[Json] = message[growing.items]
    while True:
        item = growing.item(chance, moment_ms)
        bytes_more = size_of(item) + (1 if items else 0)  # and the comma before it
        if bytes_more > left:
            break
        items.append(item)
        left -= bytes_more
    note[name] += "x" * left
    return message
