"""Live calls: passed on unchanged, answered unchanged, seen on the way."""

from __future__ import annotations

import http.client
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from email.message import Message
from urllib.parse import urlsplit

import pytest

from local.service_calls import Behaviour, ServiceExchange
from local.stand_in import AnsweringService, stand_in
from local.stand_in_doors import doors
from workbench.call_relay import passing_on


@contextmanager
def relayed(
    environment: Mapping[str, str], seen: list[ServiceExchange]
) -> Iterator[dict[str, str]]:
    """Lead an environment through the relay."""
    relay = AnsweringService(passing_on(environment), seen.append)
    with relay.running(), doors(relay, environment) as led:
        yield led


def put(url: str, body: bytes = b"{}") -> tuple[int, bytes, Message]:
    """Give status, body and headers of the answer."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    with closing(connection):
        connection.request("PUT", f"{parts.path}?{parts.query}", body, {"X-Acme": "1"})
        response = connection.getresponse()
        return response.status, response.read(), response.headers


def test_call_and_answer_pass_through_unchanged_and_are_seen() -> None:
    seen: list[ServiceExchange] = []
    answer = Behaviour(status=429, retry_after=7, body=b"later", content_type="text/plain")
    with (
        stand_in(lambda _call: answer) as real,
        relayed({"URL": f"{real.url}/v1?x=1", "NAME": "acme"}, seen) as environment,
    ):
        status, body, headers = put(environment["URL"], b"content")

    (exchange,) = seen
    (call,) = real.received
    assert (call.method, call.path, call.body) == ("PUT", "/v1?x=1", b"content")
    assert call.headers["x-acme"] == "1"
    assert (status, body, headers["Retry-After"]) == (429, b"later", "7")
    assert headers["Content-Type"] == "text/plain"
    assert (exchange.answer.status, exchange.call.path) == (429, "/v1?x=1")
    assert environment["NAME"] == "acme"


def test_password_in_a_url_is_not_in_what_is_seen_of_its_calls() -> None:
    seen: list[ServiceExchange] = []
    with stand_in(lambda _call: Behaviour(status=201)) as real:
        host = urlsplit(real.url).netloc
        with relayed({"URL": f"http://user:canary@{host}/v1"}, seen) as environment:
            status, _, _ = put(environment["URL"])

    assert status == 201
    assert [exchange.call.url for exchange in seen] == [f"{real.url}/v1?"]


def test_each_origin_has_a_door_of_its_own_and_its_calls_say_where_they_go() -> None:
    seen: list[ServiceExchange] = []
    with (
        stand_in(lambda _call: Behaviour(status=201)) as one,
        stand_in(lambda _call: Behaviour(status=202)) as two,
        relayed({"A": one.url, "B": f"{two.url}/b", "C": f"{one.url}/c"}, seen) as environment,
    ):
        statuses = [put(f"{environment[name]}/x")[0] for name in "ABC"]

    assert [exchange.call.url for exchange in seen] == [
        f"{one.url}/x?",
        f"{two.url}/b/x?",
        f"{one.url}/c/x?",
    ]
    assert statuses == [201, 202, 201]


def test_service_that_cannot_be_reached_cuts_the_connection() -> None:
    with stand_in(lambda _call: Behaviour()) as gone:
        url = gone.url
    seen: list[ServiceExchange] = []
    with relayed({"URL": url}, seen) as environment, pytest.raises(ConnectionError):
        put(environment["URL"])

    (exchange,) = seen
    assert exchange.answer.resets
