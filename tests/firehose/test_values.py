"""How single values are read: what JSON has for text, numbers, booleans and moments."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import pytest

from firehose import Instant, ProductAction, Secret
from firehose.coercion import STRICT, TOLERANT, Refusal, known_word_of, word_of
from firehose.model import Flag, Integer, Uuid
from firehose.numeric import Amount

MOMENT = "2021-11-01T15:00:00Z"
GUID = "0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a"

READ: list[tuple[Any, Any, Any]] = [
    (str, "x", "x"), (str, "", ""), (str, None, ""), (str, True, "true"), (str, False, "false"),
    (str, 12, "12"), (str, 1.5, "1.5"), (str, Decimal("1.50"), "1.50"),
    (Integer, None, 0), (Integer, "", 0), (Integer, " \t", 0), (Integer, " 12 ", 12),
    (Integer, -3, -3), (Integer, 1.9, 1), (Integer, Decimal("-1.9"), -1), (Integer, 1e3, 1000),
    (Integer, 10**30 - 1, 10**30 - 1), (Integer, 1 - 10**30, 1 - 10**30),
    (float, None, 0.0), (float, "", 0.0), (float, " ", 0.0), (float, " 1.5 ", 1.5),
    (float, 7, 7.0), (float, Decimal("0.25"), 0.25), (float, "Infinity", math.inf),
    (float, "+Infinity", math.inf), (float, "-Infinity", -math.inf),
    (float, "1".rjust(1_000, "0"), 1.0),
    (Amount, " 1.10 ", Decimal("1.10")), (Amount, 3, Decimal(3)),
    (Amount, 10**308, Decimal(10**308)), (Amount, 0.1, Decimal("0.1")),
    (Secret, "x", Secret("x")), (Secret, 5, Secret("5")), (Secret, None, Secret("")),
    (Instant, 0, Instant("1970-01-01T00:00:00Z")), (Instant, MOMENT, Instant(MOMENT)),
]  # fmt: skip
WORDS = {
    True: ("true", "True", "TRUE", " true ", True, 1, 2, -1),
    False: ("false", "False", "FALSE", "", " ", False, 0, None),
}
REFUSED: list[tuple[Any, Any, str]] = [
    (str, [], "text, found a list"), (str, {}, "text, found an object"),
    (Integer, True, "a whole number, found a boolean"),
    (Integer, "1.0", "a whole number, found text"),
    (Integer, [], "a whole number, found a list"), (Integer, "x", "a whole number, found text"),
    (Integer, math.nan, "a whole number, found a number"),
    (Integer, Decimal("Infinity"), "a whole number, found a number"),
    (Integer, Decimal("NaN"), "a whole number, found a number"),
    (Integer, 10**30, "a whole number, found a number"),
    (Integer, -(10**30), "a whole number, found a number"),
    (float, True, "a number, found a boolean"), (float, "x", "a number, found text"),
    (float, {}, "a number, found an object"),
    (Amount, None, "a number, found null"), (Amount, True, "a number, found a boolean"),
    (bool, "no", "a boolean, found text"), (bool, 0.5, "a boolean, found a number"),
    (bool, Decimal(1), "a boolean, found a number"), (bool, [], "a boolean, found a list"),
    (Instant, True, "a point in time, found a boolean"),
    (Instant, None, "a point in time, found null"),
    (Secret, [], "text, found a list"),
]  # fmt: skip
READ_STRICTLY: list[tuple[Any, Any, Any]] = [
    (str, "x", "x"), (Integer, 5, 5), (float, 5, 5.0), (float, 0.5, 0.5),
    (float, Decimal("0.5"), 0.5), (bool, True, True), (Flag, False, False), (Uuid, GUID, GUID),
    (Amount, 5, Decimal(5)), (Amount, 0.1, Decimal("0.1")),
    (Amount, Decimal("1.0"), Decimal("1.0")),
    (Secret, "x", Secret("x")), (Instant, MOMENT, Instant(MOMENT)),
]  # fmt: skip
REFUSED_STRICTLY: list[tuple[Any, Any, str]] = [
    (str, 5, "text, found a number"), (str, None, "text, found null"),
    (Integer, "5", "a whole number, found text"), (Integer, 1.0, "a whole number, found a number"),
    (Integer, True, "a whole number, found a boolean"), (float, "5", "a number, found text"),
    (float, True, "a number, found a boolean"), (bool, 1, "a boolean, found a number"),
    (Flag, "true", "a boolean, found text"), (Amount, "5", "a number, found text"),
    (Amount, True, "a number, found a boolean"), (Secret, 5, "text, found a number"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "sent", "read"), READ)
def test_value_of_another_json_type_is_read(kind: Any, sent: Any, read: Any) -> None:
    found = TOLERANT[kind](sent)

    assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize("kind", [bool, Flag])
@pytest.mark.parametrize(("sent", "read"), [(it, value) for value in WORDS for it in WORDS[value]])
def test_boolean_is_read_from_words_and_whole_numbers(kind: Any, sent: Any, read: bool) -> None:
    assert TOLERANT[kind](sent) is read


@pytest.mark.parametrize(("kind", "sent", "text"), REFUSED)
def test_value_that_cannot_be_read_is_refused_by_its_kind(kind: Any, sent: Any, text: str) -> None:
    with pytest.raises(Refusal) as refusal:
        TOLERANT[kind](sent)
    assert (refusal.value.reason, refusal.value.path) == (f"expected {text}", "")


@pytest.mark.parametrize(("kind", "sent", "read"), READ_STRICTLY)
def test_value_of_its_own_json_type_is_read_strictly(kind: Any, sent: Any, read: Any) -> None:
    found = STRICT[kind](sent)

    assert (found, type(found)) == (read, type(read))


@pytest.mark.parametrize(("kind", "sent", "text"), REFUSED_STRICTLY)
def test_value_of_another_json_type_is_refused_strictly(kind: Any, sent: Any, text: str) -> None:
    with pytest.raises(Refusal) as refusal:
        STRICT[kind](sent)
    assert refusal.value.reason == f"expected {text}"


@pytest.mark.parametrize("sent", ["xyz", "", 5, None])
def test_only_a_guid_is_a_guid_strictly(sent: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        STRICT[Uuid](sent)
    assert refusal.value.reason == "is not a GUID"


def test_word_is_read_with_blanks_around_and_kept_when_it_is_new() -> None:
    read = word_of(ProductAction)

    assert read(" purchase ") is ProductAction.PURCHASE
    assert read("gift_wrap").value == "gift_wrap"
    assert read(5).value == "5"


@pytest.mark.parametrize("sent", ["", " ", None])
def test_word_without_letters_is_refused(sent: Any) -> None:
    with pytest.raises(Refusal) as refusal:
        word_of(ProductAction)(sent)
    assert refusal.value.reason == "is empty"


def test_known_word_is_read_strictly() -> None:
    assert known_word_of(ProductAction)("purchase") is ProductAction.PURCHASE


@pytest.mark.parametrize("sent", ["gift_wrap", " purchase ", ""])
def test_other_words_are_refused_strictly(sent: str) -> None:
    with pytest.raises(Refusal) as refusal:
        known_word_of(ProductAction)(sent)
    assert refusal.value.reason == "is not a known ProductAction"


def test_known_word_is_text() -> None:
    with pytest.raises(Refusal) as refusal:
        known_word_of(ProductAction)(5)
    assert refusal.value.reason == "expected text, found a number"


def test_path_of_a_refusal_grows_outwards() -> None:
    refusal = Refusal("is odd", ".c").within("[1]").within(".a")

    assert (refusal.reason, refusal.path) == ("is odd", ".a[1].c")
