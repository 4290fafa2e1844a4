"""Whatever a message holds, reading it takes time in proportion to its length, in every field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from endpoint.acceptance import LARGEST_BYTES
from firehose import InvalidMessage, Model, Request, decode
from firehose.codec import MESSAGES
from tests.linear_time.adversaries import Filler
from tests.linear_time.growth import SIZES, is_linear, seconds

pytestmark = pytest.mark.rehearsal  # it measures, for seconds
MOST_SECONDS_AT_THE_LARGEST_SIZE = 3.0
LONG_NUMBER = "9" * 4_000
JSON_FILLERS = [
    Filler('"', "1", '"'), Filler('"', "1", 'x"'), Filler('"', " ", '"'), Filler("", "9", ""),
    Filler("0.", "1", ""), Filler("1e", "9", ""), Filler("", "[", ""), Filler('{"":', "[]", "}"),
    Filler("[", "1e3999,", "0]"), Filler("[", "1e-3999,", "0]"), Filler("[", '"1e3999",', "0]"),
    Filler("[", f"{LONG_NUMBER},", "0]"), Filler("[", f"{LONG_NUMBER}.5,", "0]"),
    Filler("[", '{"type":"x"},', "{}]"), Filler("[", "null,", "null]"), Filler("[", "[],", "0]"),
    Filler("{", '"a":1e3999,', '"b":0}'), Filler("{", '"\\ud83d":"\\ud83d",', '"b":0}'),
]  # fmt: skip


def places(model: type[Model], seen: frozenset[type[Model]] = frozenset()) -> dict[str, str]:
    """Find a way to each kind of value below a message: JSON with an `@` where it goes."""
    found: dict[str, str] = {}
    tag = model.__struct_config__.tag
    start = f'"type":"{tag}",' if tag else ""
    for name, hint in get_type_hints(model, include_extras=True).items():
        if name not in model.__struct_fields__:
            continue
        found.setdefault(str(hint), f'{{{start}"{name}":@}}')
        for inner, around in inside(hint):
            if isinstance(inner, type) and issubclass(inner, Model) and inner not in seen:
                for kind, text in places(inner, seen | {model}).items():
                    outer = around.replace("@", text)
                    found.setdefault(kind, f'{{{start}"{name}":{outer}}}')
    return found


def inside(hint: Any, around: str = "@") -> Iterator[tuple[Any, str]]:
    yield hint, around
    wrap = {list: "[@]", dict: '{"key":@}'}.get(get_origin(hint), "@")
    for argument in get_args(hint):
        yield from inside(argument, around.replace("@", wrap))


PLACES = {
    kind: text
    for message in MESSAGES
    if issubclass(message, Request)
    for kind, text in places(message).items()
} | {"an unknown field": '{"type":"event_processing_request","events":[],"x_new":@}'}


def read_message(place: str, text: str) -> None:
    with suppress(InvalidMessage):
        decode(place.replace("@", text).encode())


@pytest.mark.parametrize("kind", PLACES, ids=str)
def test_a_message_with_a_hostile_value_is_read_in_linear_time(kind: str) -> None:
    read = partial(read_message, PLACES[kind])
    for filler in JSON_FILLERS:
        assert is_linear(read, filler, SIZES[0]), filler
        assert is_linear(read, filler, SIZES[1]), filler


@pytest.mark.parametrize("filler", JSON_FILLERS, ids=lambda filler: filler.pump[:9])
def test_a_message_of_the_largest_size_is_read_in_linear_time(filler: Filler) -> None:
    """In the place where it takes longest; and in seconds, for a large factor is linear too."""
    sent = filler.of(SIZES[1])
    place = max(PLACES.values(), key=lambda place: seconds(partial(read_message, place), sent))
    read = partial(read_message, place)

    assert is_linear(read, filler, LARGEST_BYTES // 2), place
    largest = filler.of(LARGEST_BYTES)
    assert seconds(read, largest) < MOST_SECONDS_AT_THE_LARGEST_SIZE
