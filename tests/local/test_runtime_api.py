"""Lambda's Runtime API, with this process in place of a function's."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from http.client import HTTPMessage

import pytest

from local.runtime_api import RuntimeApi


@pytest.fixture
def api() -> Iterator[RuntimeApi]:
    with RuntimeApi().running() as running:
        yield running


def taken(api: RuntimeApi) -> tuple[bytes, HTTPMessage]:
    url = f"http://{api.address}/2018-06-01/runtime/invocation/next"
    with urllib.request.urlopen(url, timeout=5) as response:
        return response.read(), response.headers


def post(api: RuntimeApi, path: str, content: object) -> None:
    url = f"http://{api.address}/2018-06-01/runtime/{path}"
    urllib.request.urlopen(url, json.dumps(content).encode(), timeout=5).close()


def answers(api: RuntimeApi, kind: str) -> None:
    """Take one event and answer with it."""
    body, headers = taken(api)
    post(api, f"invocation/{headers['Lambda-Runtime-Aws-Request-Id']}/{kind}", json.loads(body))


@pytest.mark.parametrize(("kind", "is_error"), [("response", False), ("error", True)])
def test_event_is_given_to_the_process_and_its_end_to_the_caller(
    api: RuntimeApi, kind: str, *, is_error: bool
) -> None:
    threading.Thread(target=answers, args=(api, kind)).start()

    end = api.invoke(b'{"a": 1}', seconds=5, is_alive=lambda: True)

    assert end is not None
    assert (json.loads(end.answer), end.is_error) == ({"a": 1}, is_error)
    assert '"a"' not in repr(end), "what is answered may be personal"


def test_process_that_ends_answers_nothing(api: RuntimeApi) -> None:
    assert api.invoke(b"{}", seconds=5, is_alive=lambda: False) is None


def test_process_that_takes_too_long_is_told(api: RuntimeApi) -> None:
    with pytest.raises(TimeoutError):
        api.invoke(b"{}", seconds=0, is_alive=lambda: True)


def test_process_is_ready_when_it_asks_for_an_event(api: RuntimeApi) -> None:
    assert not api.wait_until_ready(seconds=0, is_alive=lambda: True)

    threading.Thread(target=answers, args=(api, "response")).start()

    assert api.wait_until_ready(seconds=5, is_alive=lambda: True)
    api.invoke(b"{}", seconds=5, is_alive=lambda: True)


def test_what_the_process_could_not_begin_with_is_kept(api: RuntimeApi) -> None:
    post(api, "init/error", {"errorType": "NoClass"})

    assert api.init_error == b'{"errorType": "NoClass"}'
