"""Calls of AWS: where they go, and how often a failure is tried."""

from __future__ import annotations

import json
import time
from types import SimpleNamespace
from typing import NoReturn

import pytest

from endpoint.aws import (
    AwsClient,
    AwsError,
    endpoint_url,
)
from endpoint.sqs import SQS
from endpoint.tokens import SECRETS_MANAGER
from tests.aws.loopback import served
from tests.endpoint.aws_calls import ENVIRONMENT, MESSAGE, ask


def test_environment_says_where_a_service_is_instead() -> None:
    everything = {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}

    assert endpoint_url(SQS, everything) == "http://127.0.0.1:1"
    assert endpoint_url(SQS, everything | {"AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:2"}) == (
        "http://127.0.0.1:2"
    )
    own = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:3"}
    assert endpoint_url(SECRETS_MANAGER, everything | own) == "http://127.0.0.1:3"


def test_connection_is_made_in_a_fifth_of_a_second_and_rests_for_a_minute(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limits: list[dict[str, float]] = []
    monkeypatch.setattr("endpoint.aws.Connections", lambda _url, **given: limits.append(given))

    AwsClient(SQS, ENVIRONMENT)

    assert limits == [{"connect_seconds": 0.2, "idle_seconds": 60}]


def test_each_try_has_time_to_connect_and_two_fifths_of_a_second_to_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[float] = []

    def request(*_given: str, seconds: float, **_more: object) -> NoReturn:
        asked.append(seconds)
        raise TimeoutError

    silent = SimpleNamespace(authority="sqs", path="", request=request)
    monkeypatch.setattr("endpoint.aws.Connections", lambda _url, **_given: silent)

    with pytest.raises(AwsError, match="TimeoutError"):
        AwsClient(SQS, ENVIRONMENT).call("SendMessage", MESSAGE)

    assert asked == [pytest.approx(0.6)] * 2


def test_failure_that_may_pass_is_tried_once_more_over_the_kept_connection() -> None:
    with served((503, b""), (200, b'{"MessageId":"m"}')) as aws:
        assert ask(aws) == {"MessageId": "m"}

    assert len(aws.requests) == 2


def test_second_try_waits_for_a_twentieth_of_a_second_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    slept: list[float] = []
    monkeypatch.setattr("endpoint.aws._pause", lambda shortest, longest: longest - shortest)
    monkeypatch.setattr("endpoint.aws.time", SimpleNamespace(sleep=slept.append, time=time.time))

    with served((503, b""), (200, b"{}")) as aws:
        ask(aws)

    assert slept == [0.05]


def test_failure_that_stays_is_not_tried_again_and_quotes_nothing() -> None:
    body = json.dumps({"__type": "x#AccessDenied", "message": "canary-secret"}).encode()
    with served((400, body)) as aws, pytest.raises(AwsError) as caught:
        ask(aws)

    assert len(aws.requests) == 1
    assert (str(caught.value), caught.value.code) == ("AccessDenied", "AccessDenied")


def test_failure_is_tried_twice_in_all() -> None:
    with served((500, b'{"__type":"x#InternalFailure"}')) as aws, pytest.raises(AwsError) as caught:
        ask(aws)

    assert (len(aws.requests), caught.value.code) == (2, "InternalFailure")


def test_service_without_https_is_refused_unless_it_is_on_this_machine() -> None:
    with pytest.raises(ValueError, match="https"):
        AwsClient(SQS, ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://sqs.example"})
