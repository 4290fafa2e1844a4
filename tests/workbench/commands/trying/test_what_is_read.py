"""`firehose try`: the messages and the integration that it reads, and what it refuses."""

from __future__ import annotations

import json
import select
import signal
import time
from pathlib import Path

import pytest

from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import MESSAGES, message_of
from tests.workbench.started import started


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("nowhere.json",), "nowhere.json: No such file"),
        (("docs/adr",), "there is no message"),
        (("ops/proof", "--answer", "maybe"), "--answer: found maybe"),
        (("-", "--watch"), "standard input does not change"),
        (("ops/proof", "--watch", "--record", "golden"), "would be a change each time"),
        (("ops/proof", "--region", "eu-west-1"), "found eu-west-1"),
    ],
)
def test_wrong_usage_names_what_was_found_and_a_next_step(
    firehose_here: FirehoseHere, arguments: tuple[str, ...], text: str
) -> None:
    result = firehose_here("try", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert text in result.stderr
    assert "Next: " in result.stderr
    assert "Traceback" not in result.stderr


def test_standard_input_may_hold_one_message_or_one_a_line(firehose_here: FirehoseHere) -> None:
    batch, idle = (
        message_of("event_processing_request"),
        message_of("event_processing_request_idle"),
    )
    lines = "\n".join(json.dumps(content) for content in (idle, idle)).encode()

    one = firehose_here("try", "-", "--format", "json", stdin=json.dumps(batch, indent=1).encode())
    two = firehose_here("try", "-", "--format", "json", stdin=lines)

    assert [trial["message"] for trial in json.loads(one.stdout)] == ["stdin"]
    assert [trial["message"] for trial in json.loads(two.stdout)] == ["stdin-1", "stdin-2"]


@pytest.mark.border
def test_watched_message_is_tried_again_after_a_change(tmp_path: Path) -> None:
    file = tmp_path / "idle.json"
    file.write_text(json.dumps(message_of("event_processing_request_idle")))
    watch = ("try", str(file), "--watch", "--format", "markdown")
    with started(*watch, home=tmp_path) as process:
        assert process.stderr
        assert "Watching lambda_src" in process.stderr.readline()
        changed = file.read_text().replace("event_processing_request", "dsr_processing_request")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not select.select([process.stderr], [], [], 0.5)[0]:
            file.write_text(changed)  # again, if the watch had not begun
        assert "== Changed: idle.json" in process.stderr.readline() + process.stderr.readline()
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate(timeout=20)

    assert "event_processing_request" in shown
    assert (process.returncode, said.splitlines()[-1]) == (0, "Stopped watching.")


@pytest.mark.parametrize(
    ("code", "text"),
    [("import nowhere_at_all", "No module named 'nowhere_at_all'"), ("class :", "SyntaxError")],
)
def test_integration_that_cannot_be_loaded_is_told_with_its_place(
    firehose_here: FirehoseHere, tmp_path: Path, code: str, text: str
) -> None:
    (tmp_path / "acme_tried.py").write_text(f"\n{code}\n")

    result = firehose_here("try", str(MESSAGES / "dsr_processing_request.json"))

    assert (result.returncode, result.stdout) == (1, "")
    assert "acme_tried:Acme cannot be loaded" in result.stderr
    assert 'acme_tried.py", line 2' in result.stderr
    assert text in result.stderr
    assert "Next: mend" in result.stderr
    assert "workbench/" not in result.stderr
