"""What `firehose serve` prints while messages go through it."""

from __future__ import annotations

import io
import re
from pathlib import Path
from uuid import uuid4

import pytest

from tests.waiting import until
from tests.workbench.studio.partner_session import CALLS, event_batch, session_over
from workbench.studio.disturbances import Disturbance
from workbench.studio.narration import Narration


def test_requests_calls_and_attempts_are_told_once_and_nothing_that_they_carry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = io.StringIO()
    narration = Narration(out)
    message_id = str(uuid4())
    with session_over(CALLS, tmp_path, monkeypatch, name="narrated") as session:
        session.disturbances.replace([Disturbance(status=503)])
        with session.journeys.listening(narration.changed):
            journey = session.send(event_batch(message_id), way="https")
            assert until(lambda: "worker" in out.getvalue())
            session.skip_waits()
            assert until(lambda: len(journey.tries) == 2)
            assert until(lambda: out.getvalue().count("worker") == 2)

    told = re.sub(r"in [\d.]+ ms", "in ... ms", out.getvalue()).splitlines()
    about = f"event_processing_request {message_id}"
    attempt = [f"worker retried {about}, RetryableError, again in 600 s"]
    assert told == [
        f"POST /events 200 {about} in ... ms, RetryableError",
        "  call POST /v1/events 503",
        *attempt,
        "  call POST /v1/events 503",
        *attempt,
        "  call POST /v1/events 503",
    ]


def test_problem_is_told_when_it_comes_and_when_it_goes() -> None:
    out = io.StringIO()
    narration = Narration(out)
    for text in ("", "broken:\nline 7", "broken:\nline 7", "", ""):
        narration.problem(text)

    assert out.getvalue() == "  broken:\n  line 7\nThe code is loaded again.\n"


def test_bug_is_told_with_its_line_and_without_what_it_quotes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            (identity,) = request.user_identities
            raise ValueError(identity.value.reveal())
    """
    out = io.StringIO()
    with session_over(hooks, tmp_path, monkeypatch, name="buggy") as session:
        narration = Narration(out)
        with session.journeys.listening(narration.changed):
            session.send(event_batch(str(uuid4())), way="lambda")

    assert '    File "lambda_src/buggy.py", line ' in out.getvalue()
    assert "ValueError: <email>" in out.getvalue()
    assert "canary" not in out.getvalue()
