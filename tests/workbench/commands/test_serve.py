"""`firehose serve`: the endpoint over HTTP on this machine, and how it ends."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from endpoint.front_door import FrontDoor
from local.stand_in import always
from plan.names import DEPLOYMENT_VARIABLE
from tests.border import DEPLOYMENT
from tests.endpoint.secret import Secret
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import message, message_of, planned
from workbench.endpoint_server import AnsweredRequest, EndpointServer
from workbench.openapi_document import openapi
from workbench.trial_stage import stage

ROOT = Path(__file__).parents[3]
TOKEN = "sesame-1"


def asked(
    url: str,
    body: bytes | None = None,
    *,
    method: str = "POST",
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, Any]]:
    """Send a request; give status and parsed body."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=10)
    connection.request(method, parts.path, body, headers or {})
    response = connection.getresponse()
    content = json.loads(response.read())
    connection.close()
    return response.status, content


@pytest.fixture(scope="module")
def seen() -> list[AnsweredRequest]:
    return []


@pytest.fixture(scope="module")
def server(seen: list[AnsweredRequest]) -> Iterator[EndpointServer]:
    """Serve the example without asking for a token, below a prefix."""
    with stage(planned(), service=always("ok")) as (endpoint, _):
        door = FrontDoor(
            endpoint.integration,
            acceptance=endpoint.acceptance("https"),
            tokens=Secret([TOKEN]).tokens(),
        )
        started = EndpointServer(
            door,
            timeout_seconds=5,
            port=0,
            prefix="v1",
            document=openapi,
            token=TOKEN,
            answered=seen.append,
        )
        with started.running():
            yield started


def test_every_path_answers_its_message_below_the_prefix(
    server: EndpointServer, seen: list[AnsweredRequest]
) -> None:
    seen.clear()
    for path, name in (
        ("registration", "module_registration_request"),
        ("events", "event_processing_request"),
        ("audiences", "audience_subscription_request"),
        ("dsr", "dsr_processing_request"),
    ):
        status, content = asked(server.urls[path], message(name))
        assert (status, content["id"]) == (200, message_of(name)["id"])

    assert [it.path for it in seen] == [
        "/v1/registration",
        "/v1/events",
        "/v1/audiences",
        "/v1/dsr",
    ]
    assert seen[1].message_id == message_of("event_processing_request")["id"]


def test_document_is_served_with_the_address_of_the_server(server: EndpointServer) -> None:
    base = server.url

    status, content = asked(f"{base}/openapi.json", method="GET")

    assert (status, content["servers"]) == (200, [{"url": server.base_url}])


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/v1/events", 405), ("POST", "/events", 404), ("POST", "/v1/other", 404)],
)
def test_other_routes_are_refused(
    server: EndpointServer, method: str, path: str, status: int
) -> None:
    base = server.url

    assert asked(f"{base}{path}", b"{}", method=method)[0] == status


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"\xff\xfe", {}, 400),
        (b"", {}, 400),
        (b"x" * (1 << 20), {}, 413),
        (b"", {"Content-Length": str(11 * 1024 * 1024)}, 413),
        (b"", {"Content-Length": "many"}, 411),
        (b"0\r\n\r\n", {"Transfer-Encoding": "chunked"}, 411),
    ],
)
def test_bodies_that_are_no_message_are_refused(
    server: EndpointServer, body: bytes, headers: dict[str, str], status: int
) -> None:
    assert asked(server.urls["events"], body, headers=headers)[0] == status


def test_server_asks_for_its_token_delivers_from_memory_and_ends_with_an_interrupt(
    tmp_path: Path,
) -> None:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "serve", "--token", str(token)],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            DEPLOYMENT_VARIABLE: str(DEPLOYMENT),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        urls = dict(process.stdout.readline().split() for _ in range(4))
        dsr = message("dsr_processing_request")
        good = {"Authorization": f"Token {TOKEN}"}
        opened, _ = asked(urls["registration"], message("module_registration_request"))
        refused, _ = asked(urls["dsr"], dsr)
        taken, _ = asked(urls["dsr"], dsr, headers=good)
        lines = [process.stdout.readline() for _ in range(4)]
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    finally:
        process.kill()

    assert (opened, refused, taken) == (200, 401, 200)
    assert all(url.startswith("http://127.0.0.1:") for url in urls.values())
    message_id = message_of("dsr_processing_request")["id"]
    assert re.search(rf"POST /dsr 200 dsr_processing_request {message_id} in", "".join(lines))
    assert f"worker delivered dsr_processing_request {message_id}" in "".join(lines)
    assert (process.returncode, said.splitlines()[-1]) == (0, "The endpoint has stopped.")
    assert TOKEN not in "".join(lines) + said


def test_openapi_document_is_printed(firehose_here: FirehoseHere) -> None:
    result = firehose_here("serve", "--openapi")

    assert result.returncode == 0
    assert json.loads(result.stdout) == openapi("/")


@pytest.mark.parametrize("content", [None, b"", b"two tokens", b"\xff"])
def test_token_that_is_none_is_wrong_usage(
    firehose_here: FirehoseHere, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "token"
    if content is not None:
        file.write_bytes(content)

    result = firehose_here("serve", "--token", str(file))

    assert (result.returncode, result.stdout) == (2, "")
    assert "holds no token" in result.stderr
    assert "Next: " in result.stderr


def test_port_in_use_is_told(firehose_here: FirehoseHere, server: EndpointServer) -> None:
    port = str(server.server_address[1])
    # Named, because the server that runs has its own environment in place of the test's.
    result = firehose_here("serve", "--port", port, "--deployment", str(DEPLOYMENT))

    assert result.returncode == 2
    assert "cannot be used" in result.stderr
    assert "Next: leave out --port" in result.stderr
