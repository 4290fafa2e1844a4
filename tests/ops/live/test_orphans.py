"""Stacks that nobody plans any more: of a removed pod, or of the deployment's old name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from console.planned_regions import read_deployment
from ops.live.orphans import find_orphans, orphaned
from ops.readiness.checks import ReadinessState
from ops.readiness.region_checks import stack_check
from tests.aws.cloud import FakeCloud, plans_of
from tests.running import Run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "deployment.toml"


@pytest.fixture
def cloud(file: Path, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """Deploy every region, then take one pod and the other's region out of the file."""
    cloud = FakeCloud()
    cloud.put_in_place(monkeypatch)
    file.write_text('name = "acme"\n')
    for plan in plans_of(file):
        cloud.deploy(plan)
    file.write_text('name = "acme"\npods = ["US1"]\n')
    return cloud


@pytest.mark.usefixtures("cloud")
def test_stack_of_a_removed_pod_is_found_with_both_ways_out(file: Path) -> None:
    found = find_orphans(read_deployment(file).elsewhere)

    assert [it.stack_name for it in found] == [
        "acme-firehose-eu-central-1",
        "acme-firehose-ap-southeast-2",
    ]
    next_step = orphaned(found[0]).next_step
    assert next_step.startswith("firehose destroy --region eu-central-1, once")
    assert next_step.endswith("plan EU1 again")


def test_region_without_a_stack_has_no_orphan(cloud: FakeCloud, file: Path) -> None:
    cloud.session("ap-southeast-2").stacks.states.clear()

    found = find_orphans(read_deployment(file).elsewhere)

    assert [it.region for it in found] == ["eu-central-1"]


@pytest.mark.usefixtures("cloud")
def test_status_warns_about_orphans_and_ends_with_code_1(run: Run, file: Path) -> None:
    result = run("status", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert result.returncode == 1
    assert "! eu-central-1: acme-firehose-eu-central-1 runs, though" in result.stderr
    assert "Nothing needs you" not in result.stderr


@pytest.mark.usefixtures("cloud")
def test_status_of_a_named_region_looks_nowhere_else(run: Run, file: Path) -> None:
    result = run("status", "--region", "us-east-1", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert (result.returncode, result.stderr) == (0, "Nothing needs you.\n")


def test_region_that_cannot_be_looked_in_is_said_and_fails_nothing(
    cloud: FakeCloud, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    cloud.session("eu-central-1").stacks.is_refused = True

    found = find_orphans(read_deployment(file).elsewhere)

    assert [it.region for it in found] == ["ap-southeast-2"]
    assert "Not looked for stacks that nobody plans: eu-central-1: " in capsys.readouterr().err


@pytest.mark.usefixtures("cloud")
def test_hand_off_says_that_more_is_deployed_than_is_handed_over(run: Run, file: Path) -> None:
    result = run("handoff", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert "! ap-southeast-2: acme-firehose-ap-southeast-2 runs, though" in result.stderr


def test_destroy_takes_orphans(run: Run, cloud: FakeCloud, file: Path) -> None:
    environment = {"FIREHOSE_DEPLOYMENT": str(file)}
    one = run("destroy", "--region", "eu-central-1", "--confirm", "acme", environment=environment)
    rest = run("destroy", "--dry-run", "--format", "json", environment=environment)

    assert one.returncode == 0, one.stderr
    assert cloud.session("eu-central-1").stacks.states == {}
    assert [row["region"] for row in json.loads(rest.stdout)] == ["us-east-1", "ap-southeast-2"]


@pytest.mark.usefixtures("cloud")
def test_region_that_is_none_of_mparticles_is_wrong_usage(run: Run, file: Path) -> None:
    result = run("destroy", "--region", "eu-west-1", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert result.returncode == 2
    assert "found eu-west-1" in result.stderr


def test_renamed_deployment_is_no_first_one(run: Run, cloud: FakeCloud, file: Path) -> None:
    file.write_text('name = "other"\n')
    plan = plans_of(file)[0]

    check = stack_check(cloud.live(plan))
    result = run("status", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert check.state is ReadinessState.ATTENTION
    assert check.found == "none yet, but acme-firehose-us-east-1 runs here"
    assert 'write name = "acme" again' in check.next_step
    assert result.returncode == 4
    assert "acme-firehose-us-east-1 of the deployment acme does" in result.stderr


def test_role_that_may_not_list_stacks_sees_a_first_deployment(
    cloud: FakeCloud, file: Path
) -> None:
    file.write_text('name = "other"\n')
    plan = plans_of(file)[0]
    cloud.session(plan.region).stacks.lists_nothing = True

    check = stack_check(cloud.live(plan))

    assert (check.state, check.found) == (ReadinessState.OK, "none yet: a first deployment")


def test_two_deployments_side_by_side_are_no_rename(cloud: FakeCloud, file: Path) -> None:
    file.write_text('name = "other"\npods = ["US1"]\n')
    (plan,) = plans_of(file)
    cloud.deploy(plan)

    check = stack_check(cloud.live(plan))

    assert check.state is ReadinessState.OK
