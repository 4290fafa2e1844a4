"""`firehose serve`: the endpoint over HTTP on this machine, and how it ends."""

from __future__ import annotations

import http.client
import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from local.service_calls import always
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import message, message_of
from tests.workbench.started import started
from workbench.openapi_document import openapi
from workbench.studio.served import ServedStudio, served

ROOT = Path(__file__).parents[3]
TOKEN = "sesame-1"
DEPLOYMENT_BEHIND_A_PREFIX = """
name = "acme"
transports = ["lambda", "https"]
[https]
prefix = "/v1"
[environment]
PARTNER_API_URL = "https://api.acme.example/v1"
"""


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


@contextmanager
def serving(folder: Path) -> Iterator[ServedStudio]:
    """Serve the example without asking for a token, below a prefix.

    Within a test, because pytest takes standard output back between a fixture and its test.
    """
    file = folder / "deployment.toml"
    file.write_text(DEPLOYMENT_BEHIND_A_PREFIX)
    with served(file, None, port=0, token=None, service=always("ok"), needs_code=True) as studio:
        yield studio


def test_every_path_answers_its_message_below_the_prefix(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        for path, name in (
            ("registration", "module_registration_request"),
            ("events", "event_processing_request"),
            ("audiences", "audience_subscription_request"),
            ("dsr", "dsr_processing_request"),
        ):
            status, content = asked(server.endpoint_urls[path], message(name))
            assert (status, content["id"]) == (200, message_of(name)["id"])
        seen = server.session.journeys.all()

    assert [it.way for it in seen] == [
        "POST /v1/registration",
        "POST /v1/events",
        "POST /v1/audiences",
        "POST /v1/dsr",
    ]
    assert seen[1].request
    assert seen[1].request.id == message_of("event_processing_request")["id"]


def test_document_is_served_with_the_address_of_the_server(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        status, content = asked(f"{server.url}openapi.json", method="GET")

    assert (status, content["servers"]) == (200, [{"url": f"{server.url}v1"}])


def test_other_routes_and_bodies_that_are_no_message_are_refused(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        events = server.endpoint_urls["events"]
        routes = [
            asked(f"{server.url}{path}", b"{}", method=method)[0]
            for method, path in (("GET", "v1/events"), ("POST", "events"), ("POST", "v1/other"))
        ]
        bodies = [
            asked(events, body, headers=headers)[0]
            for body, headers in (
                (b"\xff\xfe", {}),
                (b"", {}),
                (b"x" * (1 << 20), {}),
                (b"", {"Content-Length": str(11 * 1024 * 1024)}),
                (b"0\r\n\r\n", {"Transfer-Encoding": "chunked"}),
            )
        ]

    assert routes == [405, 404, 404]
    assert bodies == [400, 400, 413, 413, 411]


@pytest.mark.border
def test_server_asks_for_its_token_delivers_from_memory_and_ends_with_an_interrupt(
    tmp_path: Path,
) -> None:
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    with started("serve", "--token", str(token), home=tmp_path) as process:
        assert process.stdout
        urls = dict(process.stdout.readline().split() for _ in range(5))
        dsr = message("dsr_processing_request")
        good = {"Authorization": f"Token {TOKEN}"}
        opened, _ = asked(urls["registration"], message("module_registration_request"))
        refused, _ = asked(urls["dsr"], dsr)
        taken, _ = asked(urls["dsr"], dsr, headers=good)
        lines = [process.stdout.readline() for _ in range(4)]
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)

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


def test_port_in_use_is_told(firehose_here: FirehoseHere) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = firehose_here("serve", "--port", str(taken.getsockname()[1]))

    assert result.returncode == 2
    assert "cannot be used" in result.stderr
    assert "Next: leave out --port" in result.stderr
