"""What a deployment would change, by `cdk diff` as it wrote it and by what is live."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from console.marks import Mark
from ops.release.preview import preview
from ops.release.stack_diff import ResourceChange, changes_in
from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from tests.aws.cloud import FakeCloud
from tests.running import Run

DIFF = Path(__file__).with_name("cdk_diff.txt").read_text(encoding="utf-8")
"""Of the CLI 2.1148.1, with fewer resources than it found."""
ENDPOINT = "acme-firehose"


def planned(**choices: object) -> RegionPlan:
    chosen = {"name": "acme", "pods": ["EU1"], "transports": ["lambda", "https"], **choices}
    (plan,) = regions(Deployment.model_validate(chosen), AWS)
    return plan


@pytest.fixture
def cloud() -> FakeCloud:
    cloud = FakeCloud()
    cloud.deploy(planned())
    return cloud


def change(resource: str) -> ResourceChange:
    (found,) = (it for it in changes_in(DIFF) if it.resource == resource)
    return found


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ("Delivery/Queue", ("changed", "replaced", ["QueueName"], Mark.BAD)),
        ("MParticleAccess/Account457804467337", ("removed", "deleted", [], Mark.BAD)),
        ("Https/Api", ("removed", "deleted", [], Mark.BAD)),
        ("Endpoint/Function", ("changed", "", ["Environment", "MemorySize"], Mark.ATTENTION)),
    ],
)
def test_change_says_what_becomes_of_a_resource(
    resource: str, expected: tuple[str, str, list[str], Mark]
) -> None:
    found = change(resource)

    assert (found.change, found.effect, found.properties, found.mark) == expected


def test_new_version_is_added_and_the_old_one_kept() -> None:
    versions = [it for it in changes_in(DIFF) if it.resource == "Endpoint/Function/CurrentVersion"]

    assert [(it.change, it.effect, it.mark) for it in versions] == [
        ("removed", "kept, out of the stack", Mark.GOOD),
        ("added", "", Mark.GOOD),
    ]


def test_outputs_and_policies_are_no_resources_and_values_are_left_out() -> None:
    found = changes_in(DIFF)

    assert all(it.kind.startswith("AWS::") for it in found)
    assert "other" not in {name for it in found for name in it.properties}


def test_words_without_differences_are_no_changes() -> None:
    text = "Stack acme-firehose-eu-central-1\nThere were no differences\n\n✨  Number of stacks: 0"

    assert changes_in(text) == []


def test_version_moves_where_the_template_has_another_one(cloud: FakeCloud) -> None:
    region = cloud.live(planned())
    gone = ResourceChange(
        change="removed",
        kind="AWS::Lambda::Version",
        resource="Endpoint/Function/CurrentVersion",
        logical_id=f"{ENDPOINT}Version",
        effect="kept, out of the stack",
    )

    found = preview(region, [gone])

    assert found.versions == {
        "lambda": "1 → a new one",
        "https": "stays at 1",
        "worker": "stays at 1",
    }


def test_alias_that_is_behind_moves_to_the_stacks_version(cloud: FakeCloud) -> None:
    plan = planned()
    cloud.deploy(plan, "two")
    cloud.session(plan.region).functions.states[ENDPOINT].aliases["production"].version = "1"

    assert preview(cloud.live(plan), []).versions["lambda"] == (
        "1 → 2, which the last deployment made"
    )


def test_who_may_invoke_before_and_after(cloud: FakeCloud) -> None:
    plan = planned(accounts={"EU1": {"removed": ["457804467337"], "extra": ["111122223333"]}})

    found = preview(cloud.live(plan), [])

    assert found.facts()["who may invoke"] == (
        "457804467337 no longer may; 111122223333 may from then on"
    )


def test_cost_before_is_that_of_what_runs(cloud: FakeCloud) -> None:
    same = preview(cloud.live(planned()), [])
    dearer = preview(cloud.live(planned(function={"memory_mb": 2048})), [])
    cloud.session(planned().region).functions.states[ENDPOINT].provisioned = 50
    warm = preview(cloud.live(planned()), [])

    assert same.usd_before == pytest.approx(same.usd_after)
    assert same.facts()["cost"].endswith(", as now")
    assert dearer.usd_before == pytest.approx(same.usd_after)
    assert dearer.usd_after > same.usd_after
    assert warm.usd_before != pytest.approx(warm.usd_after)


def test_stack_without_anything_in_it_is_a_first_deployment() -> None:
    """So CloudFormation leaves one whose first change set nobody executed."""
    cloud, plan = FakeCloud(), planned()
    cloud.session(plan.region).stacks.deploy(plan.stack_name, {})

    found = preview(cloud.live(plan), changes_in(DIFF))

    assert (found.is_new, found.changes, found.usd_before) == (True, (), None)


def test_nobody_may_invoke_where_mparticle_only_posts() -> None:
    cloud, plan = FakeCloud(), planned(transports=["https"])
    first = preview(cloud.live(plan), [])
    cloud.deploy(plan)
    again = preview(cloud.live(plan), [])

    assert first.facts()["who may invoke"] == "nobody"
    assert again.facts()["who may invoke"] == "as now: nobody"


def test_cost_is_not_compared_where_a_part_is_taken_away(cloud: FakeCloud) -> None:
    without = preview(cloud.live(planned(transports=["lambda"])), [])

    assert without.usd_before is None
    assert without.record()["usd_before"] is None
    assert without.facts()["cost"].endswith(
        " USD a month, not compared with now, because a part is taken away"
    )


def test_first_deployment_compares_nothing(cloud: FakeCloud) -> None:
    plan = replace(planned(), region="us-east-1", stack_name="acme-firehose-us-east-1")

    found = preview(cloud.live(plan), changes_in(DIFF))

    assert (found.is_new, found.changes, found.usd_before) == (True, (), None)
    assert found.facts()["versions"] == "a first deployment"


def test_dry_run_shows_what_does_not_survive_first_and_deploys_nothing(
    run: Run, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\npods = ["EU1"]\ntransports = ["lambda", "https"]\n')
    cloud.put_in_place(monkeypatch)
    monkeypatch.setattr("ops.commands.deploy.check_regions", lambda *_, **__: ([], []))
    monkeypatch.setattr("ops.commands.deploy.synthesize", lambda _, **__: None)
    monkeypatch.setattr("ops.commands.deploy.diff", lambda _, **__: DIFF)
    environment = {"FIREHOSE_DEPLOYMENT": str(file)}

    table = run("deploy", "--dry-run", environment=environment)
    whole = run("deploy", "--dry-run", "--format", "json", environment=environment)

    states = [line.split()[0] for line in table.stdout.splitlines() if " eu-central-1 " in line]
    assert states == sorted(states, key="✗!✓".index)
    assert states[0] == "✗"
    assert "eu-central-1: versions: lambda stays at 1" in table.stderr
    assert table.stderr.endswith("Nothing was deployed (--dry-run). Next: firehose deploy\n")
    (region,) = json.loads(whole.stdout)
    assert len(region["changes"]) == len(changes_in(DIFF))
    assert "other" not in whole.stdout
