"""Code that is edited while the studio runs: live at once, or told with its line."""

from __future__ import annotations

import time
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from console.exit_codes import CommandError
from tests.waiting import until
from tests.workbench.studio.partner_session import (
    CALLS,
    event_batch,
    outcomes,
    session_over,
)
from workbench.studio.disturbances import Disturbance
from workbench.studio.loaded_stage import NotLoaded
from workbench.studio.records import row_of

FAILS = Disturbance(status=503)


def test_edit_is_live_within_a_second_and_what_waits_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="edited") as session:
        session.disturbances.replace([FAILS])
        waiting = session.send(event_batch(str(uuid4())), way="lambda")
        assert until(lambda: len(waiting.tries) == 1)
        session.disturbances.replace([])
        code = tmp_path / "lambda_src" / "edited.py"
        before, began = session.stage.loads, time.monotonic()
        code.write_text(code.read_text().replace('"/events"', '"/track"'))
        assert until(lambda: session.stage.loads > before)
        seconds = time.monotonic() - began
        journey = session.send(event_batch(str(uuid4())), way="lambda")
        session.skip_waits()
        assert until(lambda: outcomes(waiting)[-1:] == ["delivered"])

    assert seconds <= 1
    assert journey.answered
    assert [it.call.path for it in journey.answered.exchanges] == ["/v1/track"]
    assert [it.call.path for it in waiting.tries[-1][1].exchanges] == ["/v1/track"]


def test_code_that_cannot_be_loaded_is_told_with_its_line_until_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = CALLS + "\n    x = 1 / 0\n"
    with session_over(broken, tmp_path, monkeypatch, name="broken", needs_code=False) as session:
        problem = session.stage.problem
        with pytest.raises(NotLoaded, match="ZeroDivisionError"):
            session.send(event_batch(str(uuid4())), way="lambda")
        code = tmp_path / "lambda_src" / "broken.py"
        mended = code.read_text().replace("x = 1 / 0", "x = 1")

        def is_mended() -> bool:  # again, for the watching may not have begun
            code.write_text(mended)
            return not session.stage.problem

        assert until(is_mended, every=0.3)
        row = row_of(session.send(event_batch(str(uuid4())), way="lambda"))

    assert 'broken.py", line' in problem
    assert row["state"] == "answered"


def test_code_whose_close_fails_is_loaded_again_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def close(self):
            raise OSError("it was closed before")
    """
    with ExitStack() as opened:
        session = opened.enter_context(
            session_over(hooks, tmp_path, monkeypatch, name="unclosable")
        )
        session.stage.load()
        assert session.stage.problem == ""
        assert isinstance(session.send(event_batch(str(uuid4())), way="lambda").outcome, dict)

        with pytest.raises(CommandError, match="it was closed before"):
            opened.close()
