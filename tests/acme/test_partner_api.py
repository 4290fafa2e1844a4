"""What each answer of the service means for a message, and how long it is waited for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from acme import partner_api as module
from acme.partner_api import PartnerApi
from firehose import (
    InvalidCredentials,
    RejectedMessage,
    RetryableError,
    Secret,
    TimeLimit,
)
from local import stand_in as service
from local.service_calls import Behaviour, BehaviourName, always
from tests.standin.raw_service import raw_service

CANARY = "canary-key"


@pytest.fixture
def api(partner: service.StandIn) -> Iterator[PartnerApi]:
    made = PartnerApi(partner.url)
    yield made
    made.close()


def send(api: PartnerApi, key: str = CANARY) -> bytes:
    content = {"id": "m-1", "email": Secret("canary@example.com")}
    return api.send("/events", content, key=Secret(key), idempotency_key="k-1")


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_gives_what_was_answered(
    status: int, api: PartnerApi, partner: service.StandIn
) -> None:
    body = b"" if status == 204 else b'{"taken": true}'
    partner.choose = lambda _call: Behaviour(status=status, body=body)

    assert send(api) == body
    assert partner.effects == {"k-1": 1}


@pytest.mark.parametrize("status", [401, 403])
def test_refused_key_is_invalid_credentials(
    status: int, api: PartnerApi, partner: service.StandIn
) -> None:
    partner.choose = lambda _call: Behaviour(status=status)

    with pytest.raises(InvalidCredentials, match=f"^the service answered {status}$"):
        send(api)


@pytest.mark.parametrize("status", [400, 402, 404, 405, 406, 410, 411, 413, 415, 422, 451])
def test_other_client_errors_reject_the_message(
    status: int, api: PartnerApi, partner: service.StandIn
) -> None:
    partner.choose = lambda _call: Behaviour(status=status)

    with pytest.raises(RejectedMessage, match=f"^the service answered {status}$") as raised:
        send(api)

    assert type(raised.value) is RejectedMessage


@pytest.mark.parametrize(
    "status", [300, 301, 302, 304, 307, 308, 408, 409, 425, 429, 500, 501, 502, 503, 504, 529]
)
def test_every_other_status_is_retryable(
    status: int, api: PartnerApi, partner: service.StandIn
) -> None:
    partner.choose = lambda _call: Behaviour(status=status)

    with pytest.raises(RetryableError, match=f"^the service answered {status}$") as raised:
        send(api)

    assert raised.value.retry_after_seconds is None
    assert len(partner.received) == 1


def retry_after(text: str) -> float | None:
    answer = f"HTTP/1.1 503 Busy\r\nRetry-After: {text}\r\nContent-Length: 0\r\n\r\n"
    with raw_service([answer.encode("latin-1")]) as url:
        api = PartnerApi(url)
        with pytest.raises(RetryableError) as raised:
            send(api)
        api.close()
    return raised.value.retry_after_seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("7", 7), ("120", 120), ("9" * 400, 86_400), ("99999999", 86_400)],
)
def test_service_says_how_many_seconds_to_wait(text: str, seconds: float) -> None:
    assert retry_after(text) == seconds


def test_service_says_until_when_to_wait() -> None:
    in_a_minute = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    a_minute_ago = format_datetime(datetime.now(UTC) - timedelta(seconds=60), usegmt=True)

    assert 50 < (retry_after(in_a_minute) or 0) <= 60
    assert retry_after(a_minute_ago) == 0
    assert retry_after("Fri, 31 Dec 9999 23:59:59 GMT") == 86_400


@pytest.mark.parametrize(
    "text", ["", "soon", "-1", "1.5", "1e3", "²", "Mon, 99 Foo 2026 00:00:00 GMT", "0, 5"]
)
def test_service_that_says_nothing_sensible_leaves_the_wait_to_us(text: str) -> None:
    assert retry_after(text) is None


@pytest.mark.parametrize("name", ["reset", "slow"])
def test_no_answer_is_tried_again_later_but_not_now(
    name: BehaviourName,
    api: PartnerApi,
    partner: service.StandIn,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LONGEST_SECONDS", 0.2)
    partner.choose = always(name)

    with pytest.raises(RetryableError, match=r"^no answer of the service: ") as raised:
        send(api)

    assert len(partner.received) == 1
    assert raised.value.retry_after_seconds is None
    assert raised.value.__suppress_context__


def test_nobody_at_the_url_is_tried_again() -> None:
    with service.stand_in(always("ok")) as gone:
        url = gone.url
    with pytest.raises(RetryableError, match="ConnectionRefusedError"):
        send(PartnerApi(url))


def test_call_ends_before_lambda_ends_it(api: PartnerApi, partner: service.StandIn) -> None:
    partner.choose = lambda _call: Behaviour(seconds=2)
    started = time.monotonic()

    with TimeLimit(module.ANSWERING_SECONDS + 0.3), pytest.raises(RetryableError, match="Timeout"):
        send(api)

    assert time.monotonic() - started > 0.25
    assert len(partner.received) == 1


@pytest.mark.parametrize("left", [0, -5])
def test_call_is_not_begun_when_no_time_is_left(
    left: float, api: PartnerApi, partner: service.StandIn
) -> None:
    with TimeLimit(left), pytest.raises(RetryableError, match="no time is left"):
        send(api)

    assert partner.received == []


@pytest.mark.parametrize("key", ["two\r\nlines", "tab\tbed", "schlüssel", "\ud83d", "\x00"])
def test_key_that_no_header_can_carry_is_an_invalid_key(
    key: str, api: PartnerApi, partner: service.StandIn
) -> None:
    with pytest.raises(InvalidCredentials, match="no header can carry") as raised:
        send(api, key=key)

    assert key not in str(raised.value)
    assert partner.received == []
