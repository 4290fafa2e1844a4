"""`firehose contract` against an endpoint of anybody's, with a service and a log of its own."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from firehose import InvalidMessage, decode, encode
from local.loopback_server import LOOPBACK
from local.service_calls import Behaviour, ReceivedCall
from local.stand_in import StandIn, stand_in
from tests.workbench.conftest import FirehoseHere
from tests.workbench.contract.partner import Callless


class Stranger:
    """An endpoint of anybody's: it calls a service of its own, and writes a log."""

    def __init__(self, service: str, log: Path) -> None:
        self.service = service
        self.log = log
        self.talks = False

    def answer(self, call: ReceivedCall) -> Behaviour:
        try:
            message = json.loads(call.body)
            answer = encode(Callless().process(decode(message)))  # type: ignore[arg-type]
            if self.talks:
                self.log.write_text(f"{self.log.read_text('utf-8')}{message}\n", "utf-8")
            if "user_profiles" in message or message.get("events"):
                self._deliver(message)
            return Behaviour(body=answer)
        except (OSError, HTTPException):
            return Behaviour(status=503)
        except (InvalidMessage, TypeError, ValueError):
            return Behaviour(status=400)

    def _deliver(self, message: dict[str, Any]) -> None:
        connection = HTTPConnection(urlsplit(self.service).netloc, timeout=1)
        with closing(connection):
            connection.request("POST", "/", json.dumps({"insert_id": message["id"]}))
            if connection.getresponse().status >= 300:
                raise HTTPException


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def stranger(free_port: int, tmp_path: Path) -> Iterator[tuple[Stranger, StandIn]]:
    """Run an endpoint in front of the service that `--service-port` starts."""
    log = tmp_path / "stranger.log"
    log.write_text("started\n")
    endpoint = Stranger(f"http://{LOOPBACK}:{free_port}", log)
    with stand_in(endpoint.answer) as running:
        yield endpoint, running


@pytest.fixture
def token(tmp_path: Path) -> Path:
    file = tmp_path / "token"
    file.write_text("canary-token\n")
    return file


def test_any_url_can_be_checked_with_the_token_of_a_file(
    firehose_here: FirehoseHere, stranger: tuple[Stranger, StandIn], token: Path
) -> None:
    _, running = stranger

    result = firehose_here(
        *("contract", "--url", running.url, "--token", str(token), "--format", "json"),
        *("--check", "wrong_type", "--check", "repeated_delivery", "--check", "registered_hooks"),
    )

    outcomes = {row["check"]: row for row in json.loads(result.stdout)}
    assert {name: row["outcome"] for name, row in outcomes.items()} == {
        "wrong_type": "passed",
        "repeated_delivery": "skipped",
        "registered_hooks": "not demanded",
    }
    tokens = [call.headers.get("authorization") for call in running.received]
    assert tokens == [None, "Token canary-token"]  # registration first, for its settings
    assert "canary-token" not in result.stdout + result.stderr


def test_demanded_checks_that_were_skipped_are_told_and_are_code_1(
    firehose_here: FirehoseHere, stranger: tuple[Stranger, StandIn]
) -> None:
    without_token = ("contract", "--url", stranger[1].url, "--format", "json")

    result = firehose_here(*without_token)
    allowed = firehose_here(*without_token, "--allow-skips")

    rows = json.loads(result.stdout)
    skipped = [row["check"] for row in rows if row["outcome"] == "skipped"]
    assert len(skipped) > 15
    assert result.returncode == 1
    assert f"Nobody knows whether the contract holds: {len(skipped)} demanded" in result.stderr
    assert result.stderr.count("needs the token that mParticle sends") == 1, "once for all checks"
    assert all(name in result.stderr for name in skipped)
    assert result.stderr.splitlines()[-1].endswith("; or --allow-skips")
    assert allowed.returncode == 0
    assert allowed.stderr.splitlines()[-1].startswith(
        f"The contract holds as far as it was checked: {len(skipped)} demanded checks were skipped"
    )


def test_code_of_anybodys_is_held_to_what_happens_at_its_service(
    firehose_here: FirehoseHere, stranger: tuple[Stranger, StandIn], token: Path, free_port: int
) -> None:
    endpoint, running = stranger
    with_service = (
        *("contract", "--url", running.url, "--token", str(token), "--format", "json"),
        *("--service-port", str(free_port), "--log", str(endpoint.log)),
    )
    checks = ("repeated_delivery", "dead_service", "nothing_leaks")
    chosen = [part for name in checks for part in ("--check", name)]

    good = firehose_here(*with_service, *chosen)
    endpoint.talks = True
    leaky = firehose_here(*with_service, "--check", "nothing_leaks")

    assert good.returncode == 0, good.stderr
    assert [row["outcome"] for row in json.loads(good.stdout)] == ["passed"] * 3
    assert leaky.returncode == 1
    assert "the log has what was received" in leaky.stderr
    assert "canary" not in leaky.stderr
