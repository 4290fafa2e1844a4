"""`firehose deploy --dry-run`: what it shows, and that it keeps nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.aws.cloud import FakeCloud
from tests.ops.commands.deploy.conftest import Around, Deploy


def test_dry_run_of_a_region_keeps_no_measured_limits(
    deploy: Deploy, around: Around, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: "")

    deploy("--region", "us-east-1", "--dry-run")
    deploy()

    part_and_keep, whole_and_keep = around.asked
    assert part_and_keep == (True, False)
    assert whole_and_keep == (False, True)


DIFF = "Stack acme\nResources\n[~] AWS::SQS::Queue Delivery/Queue Queue1 replace\n"


def test_dry_run_synthesizes_and_has_a_line_for_each_resource(
    deploy: Deploy, around: Around, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: DIFF)

    result = deploy("--region", "us-east-1", "--dry-run")

    assert around.synthesized == [file]
    heading, _, row = (line for line in result.stdout.splitlines() if line.strip())
    assert heading.split() == ["state", "region", "change", "effect", "properties", "resource"]
    assert row.split() == ["✗", "us-east-1", "changed", "replaced", "-", "Delivery/Queue"]


def test_dry_run_cuts_off_the_end_of_a_name_that_its_terminal_has_no_room_for(
    deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: DIFF.replace("/", "/x" * 200))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)

    result = deploy("--region", "us-east-1", "--dry-run")

    _, _, row = (line for line in result.stdout.splitlines() if line.strip())
    assert row.split()[1:5] == ["us-east-1", "changed", "replaced", "-"]
    assert row.rstrip().endswith("…")


def test_dry_run_as_markdown_has_the_facts_of_each_region_too(
    deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: DIFF)

    lines = deploy("--dry-run", "--format", "markdown").stdout.splitlines()

    (heading,) = (line for line in lines if "who may invoke" in line)
    assert [it.strip() for it in heading.split("|")[1:-1]] == [
        *("region", "versions", "who may invoke", "cost")
    ]
    assert len([line for line in lines if line.startswith("| us-east-1")]) == 1


def test_dry_run_of_a_region_that_fails_is_told_by_its_exit_code(
    deploy: Deploy, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: DIFF)
    cloud.session("eu-central-1").stacks.is_refused = True

    result = deploy("--dry-run")

    assert result.returncode == 1
    assert "eu-central-1: versions" not in result.stderr
    assert "Nothing was deployed" not in result.stderr
