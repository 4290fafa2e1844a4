"""`firehose tune`: what it says when somebody stops it."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from console.exit_codes import ExitCode
from ops.tuning.measurement import MeasuredSize
from plan.deployment import Deployment
from plan.regions import regions
from plan.target import AWS
from tests.aws.cloud import FakeCloud
from tests.running import Run


def test_measurement_that_is_stopped_gives_no_advice(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped_before_the_first_call(*_: object, **__: object) -> Sequence[MeasuredSize]:
        signal.raise_signal(signal.SIGINT)
        return []

    cloud = FakeCloud()
    cloud.put_in_place(monkeypatch)
    for plan in regions(Deployment.model_validate({"name": "acme", "pods": ["US1"]}), AWS):
        cloud.deploy(plan)
    file = tmp_path / "acme.toml"
    file.write_text('name = "acme"\npods = ["US1"]\n')
    monkeypatch.setattr("ops.commands.tune.tune_region", stopped_before_the_first_call)

    result = run("tune", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert result.returncode == ExitCode.INTERRUPTED, result.stderr
    assert result.stdout == ""
    assert result.stderr.endswith(
        "Stopped; every version that was made is deleted.\nNext: run it again\n"
    )
