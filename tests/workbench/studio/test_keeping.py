"""What is kept of a message: golden files, a curl command, a test."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from console.exit_codes import CommandError
from tests.waiting import until
from tests.workbench.studio.partner_session import CALLS, event_batch, session_over
from workbench.studio.disturbances import Disturbance
from workbench.studio.keeping import as_curl, as_test, kept


def test_golden_message_is_what_try_records_and_leaves_the_queue_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="kept") as session:
        session.disturbances.replace([Disturbance(status=503)])
        waiting = session.send(event_batch(str(uuid4())), way="lambda")
        assert until(lambda: len(waiting.tries) == 1)
        session.disturbances.replace([Disturbance(status=401)])
        case = kept(session, waiting, "refused")
        left = len(session.stage.waiting)

    expected = case.expected()
    assert expected
    assert case.message.relative_to(".") == Path("tests/kept/golden/refused.json")
    assert [call["answer"]["status"] for call in expected["calls"]] == [401]
    message = json.loads(case.message.read_text())
    assert message["account"]["account_settings"] == {"apiKey": "test-apiKey"}
    assert left == 1


@pytest.mark.parametrize("name", ["", "../up", "a b", "x" * 81])
def test_name_that_is_no_files_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="named") as session:
        journey = session.send(event_batch(str(uuid4())), way="lambda")
        with pytest.raises(CommandError, match="is no name"):
            kept(session, journey, name)


def test_real_address_is_refused_and_a_name_is_taken_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="twice") as session:
        real = session.send(event_batch(str(uuid4()), email="a@gmail.com"), way="lambda")
        with pytest.raises(CommandError, match="may be somebody's"):
            kept(session, real, "real")
        journey = session.send(event_batch(str(uuid4())), way="lambda")
        kept(session, journey, "once")
        with pytest.raises(CommandError, match="exists"):
            kept(session, journey, "once")


def test_copied_test_has_its_message_whatever_quotes_are_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = json.loads(event_batch(str(uuid4()))) | {"source_channel": "'''; raise SystemExit"}
    with session_over(CALLS, tmp_path, monkeypatch, name="quoted") as session:
        journey = session.send(json.dumps(content).encode(), way="lambda")
        text = as_test(journey, session.deployment)

    names: dict[str, object] = {}
    exec(text, names)  # noqa: S102 - what the studio wrote
    assert json.loads(str(names["MESSAGE"]))["source_channel"] == content["source_channel"]


def test_copied_test_passes_and_fails_when_the_integration_calls_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="copied") as session:
        session.disturbances.replace([Disturbance(status=503, retry_after=7)])
        journey = session.send(event_batch(str(uuid4())), way="lambda")
        assert until(lambda: len(journey.tries) == 1)
        text = as_test(journey, session.deployment)
        curl = as_curl(journey, "http://127.0.0.1:8080/events")

    names: dict[str, object] = {}
    exec(text, names)  # noqa: S102 - what the studio wrote
    test = names["test_event_processing_request_does_what_it_did_in_the_studio"]
    assert callable(test)
    test()
    code = tmp_path / "lambda_src" / "copied.py"
    code.write_text(code.read_text().replace('"/events"', '"/other"'))
    with pytest.raises(AssertionError):
        test()
    assert "canary" not in text + curl
    assert curl.endswith("http://127.0.0.1:8080/events")
