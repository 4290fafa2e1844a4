"""Typed getters of account and audience settings, with the rules of the Java SDK."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import pytest

from firehose import Account, Audience, AudienceSubscriptionRequest, Secret

Getter = Callable[..., Any]


def account(value: str | None) -> Account:
    return Account(account_settings={"key": None if value is None else Secret(value)})


def test_text_stays_secret_and_empty_text_is_present() -> None:
    assert account("v").text_setting("key") == Secret("v")
    assert account("v").text_setting("key").reveal() == "v"
    assert account("").text_setting("key", default=None) == Secret("")


@pytest.mark.parametrize(
    ("text", "number"), [("5", 5), ("+5", 5), ("-5", -5), ("3000000000", 3 * 10**9)]
)
def test_integers_are_digits_with_a_sign(text: str, number: int) -> None:
    assert account(text).integer_setting("key") == number


@pytest.mark.parametrize("text", [" 5", "5.0", "", "five", "0x1", "1_000", "٣", "9" * 5000])
def test_other_integers_are_refused_without_their_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"^the setting 'key' is not a whole number$"):
        account(text).integer_setting("key", default=1)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1e3", 1000.0), (" 1.5 ", 1.5), (".5", 0.5), ("5.", 5.0), ("-Infinity", -math.inf)],
)
def test_floats_may_have_blanks_and_exponents(text: str, number: float) -> None:
    assert account(text).float_setting("key") == number
    assert math.isnan(account("NaN").float_setting("key"))


@pytest.mark.parametrize("text", ["inf", "", "nan", "1_0", "one", "e5"])
def test_other_floats_are_refused_without_their_value(text: str) -> None:
    with pytest.raises(ValueError, match=r"^the setting 'key' is not a number$"):
        account(text).float_setting("key")


@pytest.mark.parametrize(
    ("text", "value"),
    [("TRUE", True), ("true", True), (" true", False), ("1", False), ("yes", False), ("", False)],
)
def test_booleans_are_true_only_for_the_word(text: str, value: bool) -> None:
    assert account(text).boolean_setting("key") is value


GETTERS = [
    Account.text_setting, Account.integer_setting, Account.float_setting, Account.boolean_setting,
]  # fmt: skip


@pytest.mark.parametrize("getter", GETTERS, ids=lambda getter: getter.__name__)
@pytest.mark.parametrize("subject", [account(None), Account()], ids=["null", "missing"])
def test_a_missing_setting_gives_the_default_or_is_named(subject: Account, getter: Getter) -> None:
    assert getter(subject, "key", default=None) is None
    assert getter(subject, "key", default=7) == 7
    with pytest.raises(KeyError, match="the setting 'key' is required and has no value"):
        getter(subject, "key")


def test_audiences_read_their_own_settings() -> None:
    settings: dict[str, Secret | None] = {"listId": Secret("12")}
    assert Audience(audience_subscription_settings=settings).integer_setting("listId") == 12
    request = AudienceSubscriptionRequest(audience_subscription_settings=settings)
    assert request.integer_setting("listId") == 12
