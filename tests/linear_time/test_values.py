"""Whatever a text holds, making a value of it takes time in proportion to its length.

The readers are found in the packages, not listed here: of words and numbers,
and the typed getters of settings.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from firehose import Account, Secret, errors, numeric
from firehose.coercion import STRICT, TOLERANT, known_word_of, word_of
from firehose.setting_values import SettingReaders
from firehose.vocabulary import Vocabulary
from tests.linear_time.adversaries import Filler
from tests.linear_time.growth import Read, check

pytestmark = pytest.mark.rehearsal  # it measures, for seconds


def below(kind: type[Any]) -> list[type[Any]]:
    return [found for child in kind.__subclasses__() for found in (child, *below(child))]


def readers() -> dict[str, Read]:
    """Find everything that makes a value of a text."""
    found: dict[str, Read] = {}
    for strictness, table in (("tolerant", TOLERANT), ("strict", STRICT)):
        for hint, convert in table.items():
            found[f"{strictness} {getattr(hint, '__name__', hint)}"] = convert
    for vocabulary in below(Vocabulary):
        found[f"tolerant {vocabulary.__name__}"] = word_of(vocabulary)
        found[f"strict {vocabulary.__name__}"] = known_word_of(vocabulary)
    found |= {
        name: value
        for name, value in (*vars(numeric).items(), *vars(errors).items())
        if name.startswith("is_") or name.endswith("_of")
    }
    for name, getter in vars(SettingReaders).items():
        if name.endswith("_setting"):
            found[name] = partial(read_setting, getter)
    return found


def read_setting(getter: Callable[[Account, str], object], text: str) -> object:
    return getter(Account(account_settings={"key": Secret(text)}), "key")


READERS = readers()
HOSTILE = [
    Filler(head, pump, tail)
    for head, pump in (
        ("", "1"), ("-", "0"), ("0.", "1"), ("1e", "9"), ("1", "_0"), ("", "1."), ("", "+-"),
        ("", " "), ("1", " "), ("", "٣"), ("", "a"), ("2021-11-01T15:00:00.", "1"), ("", "NaN"),
        ("", "true"), ("", "a-"),
    )
    for tail in ("", "\0")
]  # fmt: skip


@pytest.mark.parametrize("name", READERS)
def test_a_value_is_read_in_linear_time(name: str) -> None:
    check(READERS[name], HOSTILE)
