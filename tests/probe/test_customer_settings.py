"""The customer in the messages: something fitting for every setting that is registered."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.exit_codes import CommandError, ExitCode
from firehose import (
    AudienceProcessingRegistration,
    BooleanSetting,
    DsrProcessingRegistration,
    EventProcessingRegistration,
    FloatSetting,
    IntegerSetting,
    ModuleRegistrationResponse,
    TextSetting,
    to_dict,
)
from probe.check_requests import request_named
from probe.customer_settings import MADE_UP, read_settings, settings_of, with_settings

REGISTRATION = to_dict(
    ModuleRegistrationResponse(
        name="Test",
        version="1",
        event_processing_registration=EventProcessingRegistration(
            account_settings=[
                TextSetting(id="key", name="Key", confidential=True),
                TextSetting(id="site", name="Site", default_value="eu"),
                BooleanSetting(id="live", name="Live", default_value=True, checked=True),
            ],
            event_connection_settings=[IntegerSetting(id="most", name="Most", min_value=3)],
        ),
        audience_processing_registration=AudienceProcessingRegistration(
            audience_subscription_settings=[FloatSetting(id="share", name="Share", max_value=0.5)]
        ),
        dsr_processing_registration=DsrProcessingRegistration(
            account_settings=[IntegerSetting(id="zero", name="Zero", default_value=0)]
        ),
    )
)


def test_every_registered_setting_has_a_text_that_it_allows() -> None:
    assert settings_of(REGISTRATION, {}) == {
        "key": MADE_UP,
        "site": "eu",
        "live": "true",
        "most": "3",
        "share": "0.5",
        "zero": "0",
    }


def test_hidden_setting_has_its_default_or_no_value_as_nobody_can_enter_one() -> None:
    hidden = ModuleRegistrationResponse(
        name="Test",
        version="1",
        audience_processing_registration=AudienceProcessingRegistration(
            audience_subscription_settings=[
                TextSetting(id="list", name="List", visible=False),
                TextSetting(id="site", name="Site", visible=False, default_value="eu"),
                IntegerSetting(id="least", name="Least", visible=False),
                BooleanSetting(id="live", name="Live", visible=False),
            ]
        ),
    )

    assert settings_of(hidden, {}) == {"site": "eu", "live": "false"}
    assert settings_of(hidden, {"list": "l-1"})["list"] == "l-1"


def test_what_is_entered_takes_the_place_of_what_is_made_up() -> None:
    settings = settings_of(REGISTRATION, {"key": "real", "more": "x"})

    assert (settings["key"], settings["more"], settings["site"]) == ("real", "x", "eu")


@pytest.mark.parametrize("answer", [None, [], "no", {}, {"type": "dsr_processing_response"}])
def test_answer_that_is_no_registration_registers_nothing(answer: object) -> None:
    assert settings_of(answer, {"key": "real"}) == {"key": "real"}


def test_settings_are_put_where_mparticle_puts_them() -> None:
    membership = with_settings(request_named("audience_membership_change_request"), {"key": "real"})
    subscription = with_settings(request_named("audience_subscription_request"), {"key": "real"})
    registration = request_named("module_registration_request")

    audiences = membership["user_profiles"][0]["audiences"]
    assert membership["account"]["account_settings"] == {"key": "real"}
    assert [it["audience_subscription_settings"] for it in audiences] == [{"key": "real"}] * 2
    assert subscription["audience_subscription_settings"] == {"key": "real"}
    assert with_settings(registration, {"key": "real"}) == registration


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "event_processing_request", "account": None},
        {"type": "audience_membership_change_request", "user_profiles": None},
        {"type": "audience_membership_change_request", "user_profiles": []},
    ],
)
def test_message_without_a_customer_stays_as_it_is(odd: dict[str, object]) -> None:
    assert with_settings(odd, {"key": "real"}) == odd


def test_profile_without_audiences_has_none_to_enter_settings_for() -> None:
    request = {"type": "audience_membership_change_request", "user_profiles": [{"mpid": "1"}]}

    assert with_settings(request, {"key": "real"})["user_profiles"] == [
        {"mpid": "1", "audiences": []}
    ]


def test_file_of_settings_is_read_and_none_means_nothing(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"key": "real"}')

    assert read_settings(file) == {"key": "real"}
    assert read_settings(None) == {}


@pytest.mark.parametrize("content", ["canary-7", "[]", '{"key": 7}', None])
def test_unusable_file_is_wrong_usage_and_not_quoted(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    if content is not None:
        file.write_text(content)

    with pytest.raises(CommandError) as raised:
        read_settings(file)

    assert raised.value.exit_code is ExitCode.USAGE
    assert str(file) in str(raised.value)
    assert "canary-7" not in str(raised.value)
    assert json.dumps({"apiKey": "…"}, ensure_ascii=False) in str(raised.value)
