"""Identity values and settings never show; there is one way to read them."""

from __future__ import annotations

import copy
import json
import pickle
import traceback
from typing import Any

import pytest

from firehose import InvalidMessage, Secret, decode, encode
from firehose.model import RawObject

CANARY = "canary-7f3a"
IDENTITY = {"type": "email", "encoding": "raw", "value": CANARY}
DEVICE = {"type": "android_id", "encoding": "raw", "value": CANARY}
ACCOUNT = {"account_id": 1, "account_settings": {"apiKey": CANARY}}
SETTINGS = {"listId": CANARY}

MESSAGES: list[dict[str, Any]] = [
    {
        "type": "event_processing_request",
        "account": ACCOUNT,
        "user_identities": [IDENTITY],
        "partner_identities": [IDENTITY],
        "runtime_environment": {"type": "android", "identities": [DEVICE]},
        "events": [
            {"type": "user_identity_change", "added": [IDENTITY], "removed": [IDENTITY]},
            {"type": "teleport", "identity": IDENTITY},
        ],
    },
    {
        "type": "audience_subscription_request",
        "account": ACCOUNT,
        "audience_subscription_settings": SETTINGS,
        "previous_audience_subscription_settings": SETTINGS,
    },
    {"type": "audience_subscription_response", "audience_subscription_settings": SETTINGS},
    {
        "type": "audience_membership_change_request",
        "account": ACCOUNT,
        "user_profiles": [
            {
                "user_identities": [IDENTITY],
                "device_identities": [DEVICE],
                "partner_identities": [IDENTITY],
                "audiences": [{"audience_subscription_settings": SETTINGS}],
            }
        ],
    },
    {
        "type": "dsr_processing_request",
        "account": ACCOUNT,
        "subject_identities": {"email": {"encoding": "raw", "value": CANARY}},
        "extensions": {"opendsr.mparticle.com": {"subject_identities": {"other6": CANARY}}},
        "subject_identity_of_tomorrow": CANARY,
    },
]


def shown(value: Any) -> str:
    return f"{value} {value!r} {[value]} {value:>3}" if isinstance(value, Secret) else f"{value!r}"


@pytest.mark.parametrize("sent", MESSAGES, ids=lambda sent: str(sent["type"]))
def test_the_canary_is_written_but_never_shown(sent: dict[str, Any]) -> None:
    message = decode(sent)
    assert encode(message).count(CANARY.encode()) == json.dumps(sent).count(CANARY)
    assert CANARY not in f"{message} {message!r}"


def test_a_secret_shows_itself_only_on_request() -> None:
    secret = Secret(CANARY)
    assert secret.reveal() == CANARY
    assert CANARY not in shown(secret)
    with pytest.raises(TypeError):
        json.dumps(secret)
    with pytest.raises(TypeError):
        _ = "Bearer " + secret  # type: ignore[operator]  # that is the point


def test_stars_stand_for_the_text_of_a_secret() -> None:
    secret = Secret(CANARY)
    assert repr(secret) == "Secret('***')"
    assert f"{secret!s} {secret} {secret:>5}" == "*** ***   ***"


def test_object_of_no_fixed_shape_shows_nothing_of_it() -> None:
    raw = RawObject({CANARY: CANARY})
    assert (repr(raw), str(raw)) == ("RawObject(***)", "RawObject(***)")


def test_secrets_compare_by_text_and_survive_copies() -> None:
    secret = Secret(CANARY)
    assert secret == copy.deepcopy(secret) == pickle.loads(pickle.dumps(secret))  # noqa: S301 - our own bytes
    assert {secret, Secret(CANARY)} == {secret}
    assert secret != CANARY
    assert not Secret("")


def test_a_secret_is_made_of_text_only() -> None:
    with pytest.raises(TypeError, match="Secret expects str, got int"):
        Secret(12)  # type: ignore[arg-type]  # that is the point


BROKEN: list[dict[str, Any]] = [
    {"type": "event_processing_request", "user_identities": [IDENTITY | {"encoding": [CANARY]}]},
    {"type": "event_processing_request", "user_identities": [{"value": CANARY}]},
    {"type": "event_processing_request", "user_identities": [{"type": CANARY, "value": CANARY}]},
    {"type": "event_processing_request", "account": {"account_id": CANARY}},
    {"type": "event_processing_request", "account": {"account_settings": {CANARY: [CANARY]}}},
    {
        "type": "event_processing_request",
        "events": [{"type": "session_end", "timestamp_ms": CANARY}],
    },
    {"type": "event_processing_request", "events": CANARY},
    {"type": "event_processing_request", "id": CANARY},
    {"type": CANARY, "id": CANARY},
    {"type": [CANARY], "id": {CANARY: CANARY}},
    {"type": "dsr_processing_request", "submitted_time": CANARY},
]


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("sent", BROKEN)
def test_the_canary_is_in_no_exception(sent: dict[str, Any], strict: bool) -> None:
    for data in (sent, json.dumps(sent), json.dumps(sent)[:-1].encode()):
        with pytest.raises(InvalidMessage) as refusal:
            decode(data, strict=strict)
        error = refusal.value
        assert CANARY not in f"{error} {error!r} {error.path} {error.reason} {error.__dict__}"
        assert CANARY not in "".join(traceback.format_exception_only(error))
        assert error.__context__ is None
