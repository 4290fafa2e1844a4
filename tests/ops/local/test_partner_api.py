"""The example service, called by the example integration's own client."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from firehose import InvalidCredentials, RejectedMessage, RetryableError, Secret
from integration import partner_api as client
from ops.local.partner_api import Behaviour, BehaviourName, PartnerApi, always, partner_api

KEY = Secret("canary-key")


def send(server: PartnerApi, *ids: str) -> None:
    with closing(client.PartnerApi(f"{server.url}/v1/")) as api:
        for message_id in ids:
            api.send("/audiences", key=KEY, message_id=message_id, content={"id": message_id})


def test_what_it_takes_is_recorded_over_one_connection() -> None:
    with partner_api(always("ok")) as server:
        send(server, "a", "b", "a")

        assert server.delivered == {"a": 2, "b": 1}


@pytest.mark.parametrize(
    ("name", "error", "retry_after"),
    [
        ("unauthorized", InvalidCredentials, None),
        ("busy", RetryableError, 1),
        ("error", RetryableError, None),
        ("reset", RetryableError, None),
    ],
)
def test_each_failure_means_to_the_integration_what_it_should(
    name: BehaviourName, error: type[Exception], retry_after: float | None
) -> None:
    with partner_api(always(name)) as server:
        with pytest.raises(error) as raised:
            send(server, "a")

        assert getattr(raised.value, "retry_after_seconds", None) == retry_after
        assert "canary" not in str(raised.value)
        assert (server.calls["a"], server.delivered["a"]) == (1, 0)


def test_other_client_errors_are_lasting() -> None:
    with (
        partner_api(lambda _: Behaviour(status=422)) as server,
        pytest.raises(RejectedMessage, match="422"),
    ):
        send(server, "a")


def test_slow_answer_is_given_up_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.1)
    with partner_api(always("slow")) as server, pytest.raises(RetryableError, match="Timeout"):
        send(server, "a")


def test_connection_that_the_service_closed_while_idle_is_replaced() -> None:
    with partner_api(always("ok")) as first, closing(client.PartnerApi(first.url)) as api:
        api.send("/events", key=None, message_id="a", content={"id": "a"})
        for connection in api._idle:
            assert connection.sock is not None
            connection.sock.shutdown(2)
        api.send("/events", key=None, message_id="b", content={"id": "b"})

        assert first.delivered == {"a": 1, "b": 1}


def test_service_of_its_own_ends_with_its_starter(tmp_path: Path) -> None:
    file = tmp_path / "arrived"
    process = subprocess.Popen(
        [sys.executable, "-m", "ops.local.partner_api", str(file)], stdin=subprocess.PIPE
    )
    deadline = time.monotonic() + 20
    while not (file.exists() and file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.02)
    url = file.read_text().strip()
    with closing(client.PartnerApi(url)) as api:
        api.send("/events", key=None, message_id="a", content={"id": "a"})

    assert file.read_text().splitlines() == [url, "a"]
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(timeout=10) == 0


def test_call_is_kept_whole_but_shown_without_what_may_be_personal() -> None:
    with partner_api(always("ok")) as server:
        send(server, "canary-id")

        (call,) = server.received
        assert (call.method, call.path, call.message_id) == ("POST", "/v1/audiences", "canary-id")
        assert call.headers["authorization"] == "Bearer canary-key"
        assert server.effects == {call.idempotency_key: 1}
        assert "canary" not in repr(call)


def test_service_that_is_away_refuses_and_comes_back_at_the_same_address() -> None:
    with (
        partner_api(always("ok")) as server,
        closing(client.PartnerApi(server.url)) as api,
    ):
        api.send("/events", key=KEY, message_id="a", content={"id": "a"})
        with server.away(), pytest.raises(RetryableError):
            api.send("/events", key=KEY, message_id="b", content={"id": "b"})
        api.send("/events", key=KEY, message_id="c", content={"id": "c"})

        assert server.delivered == {"a": 1, "c": 1}
