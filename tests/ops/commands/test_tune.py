"""`firehose tune`: what it says when somebody stops it."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from console.exit_codes import ExitCode
from ops.tuning.measurement import MeasuredSize
from tests.running import Run


@pytest.mark.usefixtures("cloud")
def test_measurement_that_is_stopped_gives_no_advice(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped_before_the_first_call(*_: object, **__: object) -> Sequence[MeasuredSize]:
        signal.raise_signal(signal.SIGINT)
        return []

    monkeypatch.setattr("ops.commands.tune.tune_region", stopped_before_the_first_call)

    result = run("tune", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert result.returncode == ExitCode.INTERRUPTED, result.stderr
    assert result.stdout == ""
    assert result.stderr.endswith(
        "Stopped; every version that was made is deleted.\nNext: run it again\n"
    )
