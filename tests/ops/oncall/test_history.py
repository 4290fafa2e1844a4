"""Who changed a region, what and when: by what CloudFormation and CloudTrail recorded."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from ops.oncall.history import MOST_ENTRIES, history_of
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud, plans_of, template_of
from tests.aws.session import FakeSession
from tests.aws.stack_record import BEGAN
from tests.aws.stack_state import DeploymentFailedError
from tests.running import Run

ENDPOINT, WORKER = "acme-firehose", "acme-firehose-worker"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "deployment.toml"
    path.write_text('name = "acme"\npods = ["EU1"]\n')
    return path


@pytest.fixture
def plan(file: Path) -> RegionPlan:
    return plans_of(file)[0]


@pytest.fixture
def cloud(plan: RegionPlan, monkeypatch: pytest.MonkeyPatch) -> FakeCloud:
    """Deploy, fail to deploy, deploy again, and move an alias by hand."""
    cloud = FakeCloud()
    cloud.put_in_place(monkeypatch)
    session = cloud.session(plan.region)
    asked_for(session, plan, "alice")
    cloud.deploy(plan)
    asked_for(session, plan, "bob")
    with pytest.raises(DeploymentFailedError):
        session.stacks.deploy(plan.stack_name, template_of(plan, "two"), fails_at=WORKER)
    cloud.deploy(plan, "three")
    moved(session, "carol", version="1")
    moved(session, "cloudformation", version="3", by="cloudformation.amazonaws.com")
    return cloud


def asked_for(session: FakeSession, plan: RegionPlan, who: str) -> None:
    session.trail.note(
        "ExecuteChangeSet",
        session.stacks.record.now,
        who,
        stackName=f"arn:aws:cloudformation:eu-central-1:1:stack/{plan.stack_name}/id",
    )


def moved(session: FakeSession, who: str, *, version: str, by: str | None = None) -> None:
    session.trail.note(
        "UpdateAlias20150331",
        BEGAN + timedelta(minutes=10),
        who,
        by=by,
        functionName=f"arn:aws:lambda:eu-central-1:111122223333:function:{ENDPOINT}",
        functionVersion=version,
    )


def test_deployments_and_moved_aliases_are_told_the_newest_first(
    cloud: FakeCloud, plan: RegionPlan
) -> None:
    found = history_of(cloud.live(plan))

    assert [(it.what, it.versions) for it in found] == [
        ("alias moved", {ENDPOINT: 1}),
        ("deployed", {ENDPOINT: 3, WORKER: 3}),
        ("a deployment failed and was undone", {}),
        ("deployed", {ENDPOINT: 1, WORKER: 1}),
    ]
    assert found[0].who == "carol"
    assert [it.who for it in found][-2:] == ["bob", "alice"]


def test_what_cloudformation_itself_moved_is_part_of_a_deployment(
    cloud: FakeCloud, plan: RegionPlan
) -> None:
    assert "cloudformation" not in {it.who for it in history_of(cloud.live(plan))}


def test_without_the_right_to_ask_cloudtrail_nobody_is_named(
    cloud: FakeCloud, plan: RegionPlan
) -> None:
    cloud.session(plan.region).trail.is_closed = True

    found = history_of(cloud.live(plan))

    assert {it.who for it in found} == {None}
    assert len(found) == 3


def test_history_ends_after_twenty_entries(cloud: FakeCloud, plan: RegionPlan) -> None:
    for number in range(MOST_ENTRIES + 5):
        cloud.deploy(plan, f"code-{number}")

    assert len(history_of(cloud.live(plan))) == MOST_ENTRIES


@pytest.mark.usefixtures("cloud")
def test_command_says_what_each_version_is_of(run: Run, file: Path) -> None:
    result = run(
        *("status", "--history", "--format", "json"),
        environment={"FIREHOSE_DEPLOYMENT": str(file)},
    )

    rows = json.loads(result.stdout)
    assert result.returncode == 0
    assert rows[0]["versions"] == ["lambda 1"]
    assert rows[1]["versions"] == ["lambda 3", "worker 3"]
