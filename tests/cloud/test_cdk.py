"""The CDK CLI as a program: a stand-in on the path says what it was told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cloud import cdk
from console.exit_codes import CommandError
from plan.region_plan import RegionPlan

SAYS = """#!/bin/sh
printf '%s\\n' "$*" >> "{folder}/called"
echo "acme-firehose-eu-central-1 |  1/3 | 12:00:00 | CREATE_COMPLETE | AWS::SQS::Queue | Queue"
echo "acme-firehose-eu-central-1 |  3/3 | 12:00:01 | CREATE_COMPLETE | AWS::SQS::Queue | Dead"
{then}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    return tmp_path


def stand_in(folder: Path, then: str = "") -> None:
    program = folder / "cdk"
    program.write_text(SAYS.format(folder=folder, then=then))
    program.chmod(0o755)


def test_resources_that_are_done_are_reported_and_every_word_is_kept(
    folder: Path, plan: RegionPlan
) -> None:
    stand_in(folder)
    told: list[tuple[int, int]] = []

    cdk.deploy(plan, folder=folder, report=lambda done, total: told.append((done, total)))

    assert told == [(1, 3), (3, 3)]
    assert "3/3" in (folder / "deploy" / f"{plan.region}.log").read_text()


def test_build_command_runs_with_the_synthesis_alone(folder: Path, plan: RegionPlan) -> None:
    stand_in(folder)

    cdk.synthesize(Path("deployment.toml"), folder=folder)
    cdk.deploy(plan, folder=folder)

    synthesis, deployment = (folder / "called").read_text().splitlines()
    assert "--build" not in synthesis
    assert " --build  " in deployment, "an empty build command is none"


def test_failure_ends_with_the_last_words_and_where_all_of_them_are(
    folder: Path, plan: RegionPlan
) -> None:
    stand_in(folder, then="echo 'it was refused'; exit 1")

    with pytest.raises(CommandError, match="it was refused") as raised:
        cdk.deploy(plan, folder=folder)

    assert f"{plan.region}.log, mend it, run it again" in str(raised.value)
