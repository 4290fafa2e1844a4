"""What the page is given to compose and to prove with, without a browser."""

from __future__ import annotations

import asyncio
import json
import signal
from pathlib import Path
from uuid import uuid4

import msgspec
import pytest

from firehose import encode
from probe.sample_messages import SampleKind
from tests.workbench.studio.partner_session import CALLS, REGISTERS, event_batch, session_over
from workbench.child_processes import ChildProcesses
from workbench.studio import stream
from workbench.studio.composing import checked, request_schemas, samples, with_entered
from workbench.studio.loaded_stage import NotLoaded
from workbench.studio.proving import SAVED_REGISTRATION, registered
from workbench.studio.session_state import form_of_settings, state_of


def test_samples_are_of_the_registration_and_have_what_was_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(REGISTERS + CALLS, tmp_path, monkeypatch, name="samples") as session:
        entered = {"apiKey": "entered"}
        made = [*samples(session, SampleKind.EVENTS, entered, 5)]
        fields = {it["id"]: it for it in form_of_settings(session)}

    assert {it["account"]["account_settings"]["apiKey"] for it in made} == {"entered"}
    assert {event["type"] for it in made for event in it["events"]} == {"custom_event"}
    assert len({it["id"] for it in made}) == 5
    assert fields["apiKey"]["confidential"]
    assert (fields["loud"]["type"], fields["loud"]["value"]) == ("boolean", "false")


def test_message_is_checked_as_the_endpoint_reads_it() -> None:
    good = checked(event_batch(str(uuid4())))
    bad = checked(b'{"type": "event_processing_request", "id": 7}')

    assert (good["problem"], good["type"]) == ("", "event_processing_request")
    assert bad["path"] == "$.id"
    assert bad["problem"]


@pytest.mark.parametrize("content", [b"[]", b"{", b"7"])
def test_settings_are_entered_into_messages_only(content: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of JSON or of ours
        with_entered(content, {"apiKey": "x"})


def test_every_message_type_has_its_schema() -> None:
    found = request_schemas()

    assert found["types"]["event_processing_request"] in found["schemas"]
    assert len(found["types"]) == 5


def test_registration_is_compared_with_the_saved_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(REGISTERS + CALLS, tmp_path, monkeypatch, name="compared") as session:
        unsaved = registered(session)
        SAVED_REGISTRATION.write_bytes(
            msgspec.json.format(encode(session.stage.registration())).replace(b"Loud", b"Quiet")
        )
        saved = registered(session)

    assert (unsaved["saved"], unsaved["difference"]) == ("", "")
    assert saved["saved"] == "registration.json"
    changed = [line for line in saved["difference"].splitlines()[2:] if line[0] in "+-"]
    assert [line.split() for line in changed] == [
        ["-", '"name":', '"Quiet",'],
        ["+", '"name":', '"Loud",'],
    ]
    assert saved["findings"] != unsaved["findings"]


def test_registration_that_cannot_be_said_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_registration_request(self, request):
            raise ZeroDivisionError
    """
    with (
        session_over(hooks, tmp_path, monkeypatch, name="mute") as session,
        pytest.raises(NotLoaded, match="ZeroDivisionError") as raised,
    ):
        session.stage.registration()

    assert 'lambda_src/mute.py", line' in str(raised.value)


def test_state_names_the_hosts_of_each_region_and_the_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="state") as session:
        state = state_of(session)

    hosts = {it["name"]: it["hosts"] for it in state["regions"]}
    assert hosts["us-east-1"] == ["https://api.acme.example"]
    assert hosts["eu-central-1"] == ["https://eu.api.acme.example"]
    assert state["transports"] == [
        {"name": "lambda", "limit": 200},
        {"name": "https", "limit": 100},
    ]


def test_events_tell_what_is_remembered_then_what_changes_and_end_with_the_session(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def told() -> list[str]:
        seen = []
        async for event in stream.events(session):
            seen.append(event)
            if len(seen) == 2:
                await asyncio.to_thread(session.send, event_batch(str(uuid4())), way="lambda")
            if '"n": 2' in event and '"state": "answered"' in event:
                session.has_ended.set()
        return seen

    with session_over(CALLS, tmp_path, monkeypatch, name="told") as session:
        session.send(event_batch(str(uuid4())), way="lambda")
        first, second, *_, last = asyncio.run(told())

    assert first.startswith("event: state\ndata: {")
    assert [it["n"] for it in rows(second)] == [1]
    assert [(it["n"], it["state"]) for it in rows(last)] == [(2, "answered")]


def rows(event: str) -> list[dict[str, object]]:
    head, data, *_ = event.split("\n")
    assert head == "event: rows"
    parsed: list[dict[str, object]] = json.loads(data.removeprefix("data: "))
    return parsed


def test_child_is_told_line_by_line_and_how_it_ended() -> None:
    *lines, last = ChildProcesses().lines_of(["json.tool", "--no-such-option"], {"PATH": ""})

    assert lines == []
    assert json.loads(last)["ended"] == 2
    assert "--no-such-option" in json.loads(last)["said"]


@pytest.mark.parametrize("begins_first", [True, False])
def test_child_that_would_serve_for_ever_ends_with_its_session(begins_first: bool) -> None:
    children = ChildProcesses()
    serving = children.lines_of(
        ["http.server", "--bind", "127.0.0.1", "0"], {"PATH": "", "PYTHONUNBUFFERED": "1"}
    )
    if begins_first:
        assert next(serving).startswith(b"Serving HTTP on 127.0.0.1")

    children.end()

    assert json.loads(list(serving)[-1])["ended"] == -signal.SIGKILL
