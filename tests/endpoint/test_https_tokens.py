"""Which tokens are good, across rotations, and when Secrets Manager is asked."""

from __future__ import annotations

import pytest

from endpoint.tokens import TokensUnavailableError
from tests.aws.endpoint_secret import Secret


@pytest.mark.parametrize("wrong", ["older", "", "ne", "newer"])
def test_current_and_previous_token_are_good_and_others_are_not(wrong: str) -> None:
    tokens = Secret(["new", "old"]).tokens()

    assert tokens.include("new")
    assert tokens.include("old")
    assert not tokens.include(wrong)


def test_rotation_loses_no_call_and_the_next_one_stops_the_old_token() -> None:
    secret = Secret(["first"])
    tokens = secret.tokens()
    secret.store("second")

    assert tokens.include("first")
    assert tokens.include("second"), "a token that we do not know makes us look"
    assert tokens.include("first"), "still valid until the next rotation"

    secret.store("third")
    secret.now += 61
    assert tokens.include("third")
    assert tokens.include("second")
    secret.now += 60
    assert not tokens.include("first")


def test_guesses_cannot_make_us_refuse_a_token_that_was_just_stored() -> None:
    # mParticle repeats what is answered with 503, but not with 401.
    secret = Secret(["first"])
    tokens = secret.tokens()
    assert not tokens.include("guess")
    secret.store("second")

    with pytest.raises(TokensUnavailableError, match="less than a minute ago"):
        tokens.include("second")
    assert not tokens.include("guess")

    secret.now += 60
    assert tokens.include("second")


def test_wrong_tokens_make_us_look_once_a_minute_at_most() -> None:
    secret = Secret(["good"])
    tokens = secret.tokens()
    before = secret.calls

    for _ in range(50):
        assert not tokens.include("guess")
    assert secret.calls - before == 2, "both versions, once"

    secret.now += 59.9
    assert not tokens.include("guess")
    assert secret.calls - before == 2
    secret.now += 0.1
    assert not tokens.include("guess")
    assert secret.calls - before == 4


def test_good_tokens_make_us_look_every_15_minutes_only() -> None:
    secret = Secret(["good"])
    tokens = secret.tokens()
    before = secret.calls

    secret.now += 899
    assert tokens.include("good")
    assert secret.calls == before
    secret.now += 1
    assert tokens.include("good")
    assert tokens.include("good")
    assert secret.calls - before == 2, "both versions, once"

    secret.now += 899
    assert tokens.include("good")
    assert secret.calls - before == 2


def test_retired_token_ends_within_15_minutes() -> None:
    secret = Secret(["new", "old"])
    tokens = secret.tokens()
    assert tokens.include("old")

    secret.versions.remove("old")
    secret.now += 900

    assert not tokens.include("old")
    assert tokens.include("new")


def test_good_token_outlives_its_15_minutes_while_secrets_manager_fails() -> None:
    secret = Secret(["good"])
    tokens = secret.tokens()
    secret.refused = "InternalServiceError"
    secret.now += 900
    before = secret.calls

    assert tokens.include("good")
    assert tokens.include("good")
    assert secret.calls - before == 1, "not again for a minute"
    secret.now += 60
    assert tokens.include("good")
    assert secret.calls - before == 2


def test_wrong_token_is_wrong_again_when_secrets_manager_has_recovered() -> None:
    secret = Secret(["good"], refused="InternalServiceError")
    tokens = secret.tokens()
    secret.refused = None

    assert tokens.include("wrong") is False


def test_secret_that_is_no_text_is_no_token() -> None:
    tokens = Secret([None]).tokens()

    assert not tokens.exist
    assert tokens.include("") is False


def test_first_token_is_good_as_soon_as_it_is_stored() -> None:
    secret = Secret()
    tokens = secret.tokens()
    assert not tokens.exist

    secret.store("first\n")

    assert tokens.include("first")
    assert tokens.exist


def test_unknown_token_is_neither_good_nor_bad_while_secrets_manager_fails() -> None:
    secret = Secret(["good"], refused="InternalServiceError")
    tokens = secret.tokens()

    with pytest.raises(TokensUnavailableError, match=r"^GetSecretValue failed: InternalServi"):
        tokens.include("good")

    secret.refused = None
    secret.now += 1
    assert tokens.include("good")


def test_known_token_stays_good_while_secrets_manager_fails() -> None:
    secret = Secret(["good"])
    tokens = secret.tokens()
    secret.refused = "ThrottlingException"

    with pytest.raises(TokensUnavailableError):
        tokens.include("unknown")
    assert tokens.include("good")


def test_failing_secrets_manager_is_asked_once_a_second_at_most() -> None:
    secret = Secret(refused="AccessDeniedException")
    tokens = secret.tokens()
    before = secret.calls

    for _ in range(20):
        with pytest.raises(TokensUnavailableError):
            tokens.include("unknown")
    assert secret.calls - before == 1


@pytest.mark.parametrize("token", ["tökén", "\ud800", "\0", "x" * 100_000])
def test_malformed_token_is_refused_like_a_wrong_one(token: str) -> None:
    assert not Secret(["good"]).tokens().include(token)
