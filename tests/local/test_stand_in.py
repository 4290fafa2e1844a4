"""The example service: what it records, and how it fails when it is asked to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from local.service_calls import Behaviour, BehaviourName, ReceivedCall, always, in_turn
from local.stand_in import StandIn, stand_in


def send(server: StandIn, *ids: str) -> list[tuple[int, str | None]]:
    """Post some messages over one connection; give each status and `Retry-After`."""
    headers = {"Authorization": "Bearer canary-key", "Idempotency-Key": "canary-effect"}
    answers = []
    with closing(HTTPConnection(urlsplit(server.url).netloc, timeout=10)) as connection:
        for message_id in ids:
            body = json.dumps({"id": message_id})
            connection.request("POST", "/v1/audiences", body, headers)
            response = connection.getresponse()
            response.read()
            answers.append((response.status, response.getheader("Retry-After")))
    return answers


@contextmanager
def kept_connection(server: StandIn) -> Iterator[Callable[[str], None]]:
    """Give a way to post messages over one connection, which is opened again when it broke."""
    connection = HTTPConnection(urlsplit(server.url).netloc, timeout=10)

    def post(message_id: str) -> None:
        try:
            connection.request("POST", "/v1/events", json.dumps({"id": message_id}))
            connection.getresponse().read()
        except OSError:
            connection.close()
            raise

    with closing(connection):
        yield post


def test_what_it_takes_is_recorded_over_one_connection() -> None:
    with stand_in(always("ok")) as server:
        send(server, "a", "b", "a")

        assert server.delivered == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("name", "expected", "delivered"),
    [("ok", (200, None), 1), ("busy", (429, "1"), 0), ("error", (500, None), 0)],
)
def test_answer_is_the_one_that_was_chosen(
    name: BehaviourName, expected: tuple[int, str | None], delivered: int
) -> None:
    with stand_in(always(name)) as server:
        assert send(server, "a") == [expected]
        assert (server.calls["a"], server.delivered["a"]) == (1, delivered)


def test_call_can_be_cut_off() -> None:
    with stand_in(always("reset")) as server:
        with pytest.raises(ConnectionResetError):
            send(server, "a")
        assert (server.calls["a"], server.delivered["a"]) == (1, 0)


def test_call_is_kept_whole_but_shown_without_what_may_be_personal() -> None:
    with stand_in(always("ok")) as server:
        send(server, "canary-id")

        (call,) = server.received
        assert (call.method, call.path, call.message_id) == ("POST", "/v1/audiences", "canary-id")
        assert call.headers["authorization"] == "Bearer canary-key"
        assert server.effects == {call.idempotency_key: 1}
        assert "canary" not in repr(call)


def test_service_that_is_away_refuses_and_comes_back_at_the_same_address() -> None:
    with stand_in(always("ok")) as server, kept_connection(server) as post:
        post("a")
        with server.away():
            with pytest.raises(ConnectionError):
                post("b")
            with pytest.raises(ConnectionRefusedError):
                post("b")
        post("c")

        assert server.delivered == {"a": 1, "c": 1}


def test_service_is_quiet_when_its_last_call_has_ended() -> None:
    released = threading.Event()

    def held(_call: ReceivedCall) -> Behaviour:
        released.wait(5)
        return Behaviour()

    with stand_in(held) as server:
        caller = threading.Thread(target=send, args=(server, "a"))
        caller.start()
        while not server.is_answering:
            time.sleep(0.01)
        server.wait_until_quiet(0)
        assert server.is_answering, "it waits no longer than it was told"

        released.set()
        server.wait_until_quiet(5)
        caller.join()

        assert server.delivered == {"a": 1}
        assert not server.is_answering


def test_answers_in_turn_are_given_once_each_however_many_threads_ask() -> None:
    choose = in_turn([Behaviour(status=status) for status in range(200, 500)])
    call = ReceivedCall(method="POST", path="/", headers={}, body=b"")
    with ThreadPoolExecutor(8) as pool:
        statuses = list(pool.map(lambda _: choose(call).status, range(320)))

    assert sorted(statuses) == [*range(200, 500), *[499] * 20]
