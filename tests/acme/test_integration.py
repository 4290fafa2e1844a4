"""Each kind of message: what the service is asked, and what mParticle is answered."""

from __future__ import annotations

import json
from typing import Any

import pytest

from acme import Acme
from acme.registration import registration
from endpoint.answering import ProcessingError, answer
from firehose import (
    AudienceSubscriptionResponse,
    InvalidCredentials,
    RetryableError,
    check_answer,
)
from local.service_calls import Behaviour
from local.stand_in import StandIn
from tests.acme.messages import IDLE, KINDS, message, request, with_settings

PATHS = {
    "event_processing_request": "/v1/events",
    "audience_subscription_request": "/v1/audiences",
    "audience_membership_change_request": "/v1/memberships",
    "dsr_processing_request": "/v1/erasures",
}
CANARY = "canary-8f2a@example.com"


@pytest.mark.parametrize("name", KINDS)
def test_message_is_one_call_with_the_customers_key(
    name: str, integration: Acme, partner: StandIn
) -> None:
    asked = request(name)

    response = integration.process(asked)

    (call,) = partner.received
    assert (call.method, call.path) == ("POST", PATHS[name])
    assert call.headers["authorization"] == "Bearer probe-key"
    assert call.headers["content-type"] == "application/json"
    assert call.message_id == asked.id == response.id
    assert check_answer(asked, response, registration()) == []


@pytest.mark.parametrize("name", [*IDLE, "module_registration_request"])
def test_what_has_nothing_to_deliver_is_answered_without_a_call(
    name: str, integration: Acme, partner: StandIn
) -> None:
    assert integration.process(request(name)).type == request(name).type.replace(
        "request", "response"
    )
    assert partner.received == []


@pytest.mark.parametrize("name", KINDS)
def test_without_a_url_nothing_is_acknowledged(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PARTNER_API_URL", raising=False)

    with pytest.raises(RetryableError, match=r"PARTNER_API_URL is not set.*deployment\.toml"):
        Acme().process(request(name))


@pytest.mark.parametrize("name", [*IDLE, "module_registration_request"])
def test_without_a_url_the_endpoint_is_alive_and_can_be_registered(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PARTNER_API_URL", raising=False)

    assert Acme().process(request(name)).id


@pytest.mark.parametrize(
    "url", ["api.acme.example", "ftp://api.acme.example", "http://api.acme.example", "https://"]
)
def test_url_that_would_not_work_or_not_be_safe_ends_the_start(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARTNER_API_URL", url)

    with pytest.raises(ValueError, match=r"^PARTNER_API_URL: expected https://HOST"):
        Acme()


def test_invalid_key_on_a_membership_change_suspends_the_subscription(
    integration: Acme, partner: StandIn
) -> None:
    partner.choose = lambda _call: Behaviour(status=401)

    response = answer(integration, message("audience_membership_change_request"))

    assert response["suspend_subscription"] is True


def test_invalid_key_elsewhere_is_a_failure_that_lasts(integration: Acme, partner: StandIn) -> None:
    partner.choose = lambda _call: Behaviour(status=403)

    with pytest.raises(ProcessingError) as raised:
        answer(integration, message("event_processing_request"))

    assert raised.value.failure.lasts


@pytest.mark.parametrize("account", [None, {"account_id": 1}, with_settings({"apiKey": ""})])
def test_no_key_is_an_invalid_key(
    account: dict[str, Any] | None, integration: Acme, partner: StandIn
) -> None:
    for name in KINDS[:3]:
        with pytest.raises(InvalidCredentials, match="apiKey is empty"):
            integration.process(request(name, account=account))
    assert partner.received == []


def test_erasure_without_an_account_is_passed_on_without_a_key(
    integration: Acme, partner: StandIn
) -> None:
    integration.process(request("dsr_processing_request", account=None))

    (call,) = partner.received
    assert "authorization" not in call.headers


def test_list_that_the_service_names_is_kept_with_the_subscription(
    integration: Acme, partner: StandIn
) -> None:
    partner.choose = lambda _call: Behaviour(status=201, body=b'{"list_id": "l-7", "more": 1}')
    asked = request("audience_subscription_request")

    response = integration.process(asked)

    assert isinstance(response, AudienceSubscriptionResponse)
    kept = response.audience_subscription_settings["listId"]
    assert kept
    assert kept.reveal() == "l-7"
    assert check_answer(asked, response, registration()) == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"created", b'{"list_id": 7}'])
def test_subscription_stands_without_a_list(
    body: bytes, integration: Acme, partner: StandIn
) -> None:
    partner.choose = lambda _call: Behaviour(body=body)

    response = integration.process(request("audience_subscription_request"))

    assert isinstance(response, AudienceSubscriptionResponse)
    assert response.audience_subscription_settings == {}


def test_batch_without_events_but_about_a_user_is_passed_on(
    integration: Acme, partner: StandIn
) -> None:
    integration.process(request("event_processing_request", events=[]))

    (call,) = partner.received
    assert json.loads(call.body)["events"] == []


@pytest.mark.parametrize("status", [200, 302, 401, 422, 500])
@pytest.mark.parametrize("name", KINDS)
def test_keys_and_people_never_reach_logs_and_errors(
    name: str,
    status: int,
    integration: Acme,
    partner: StandIn,
    capfd: pytest.CaptureFixture[str],
) -> None:
    partner.choose = lambda _call: Behaviour(status=status, body=CANARY.encode())
    text = json.dumps(message(name)).replace("probe@example.com", CANARY)
    shown = ""
    try:
        answer(integration, text.replace("probe-key", "canary-key").encode())
    except ProcessingError as error:
        shown = repr(error) + str(error) + repr(error.failure) + repr(error.__context__)

    (call,) = partner.received
    assert call.headers["authorization"] == "Bearer canary-key"
    output = capfd.readouterr()
    assert json.loads(output.out)["message_id"] == call.message_id
    assert "canary" not in output.out + output.err + shown
