"""`firehose rollback`: which versions it moves to, what it says before, and what it leaves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from plan.names import ALIAS
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud
from tests.aws.function_state import MADE
from tests.aws.service import AwsError
from tests.running import Ran, Run

ENDPOINT, HTTPS, WORKER = "acme-firehose", "acme-Https-1", "acme-firehose-worker"
REGION = "eu-central-1"
Rollback = Callable[..., Ran]


@pytest.fixture
def cloud(cloud: FakeCloud, plans: tuple[RegionPlan, ...]) -> FakeCloud:
    """Deploy another version of everything."""
    for plan in plans:
        cloud.deploy(plan, "two")
    return cloud


@pytest.fixture
def rollback(run: Run, file: Path) -> Rollback:
    """Roll one region back."""
    environment = {"FIREHOSE_DEPLOYMENT": str(file)}
    return lambda *options: run("rollback", "--region", REGION, *options, environment=environment)


def serving(cloud: FakeCloud) -> list[int]:
    states = cloud.session(REGION).functions.states
    return [int(states[it].aliases[ALIAS].version) for it in (ENDPOINT, HTTPS, WORKER)]


def test_dry_run_shows_each_move_and_makes_none(cloud: FakeCloud, rollback: Rollback) -> None:
    shown = rollback("--dry-run", "--format", "json")

    rows = json.loads(shown.stdout)
    assert rows[0] == {
        "region": REGION,
        "transport": "lambda",
        "function": ENDPOINT,
        "before": 2,
        "target": 1,
        "code_before": "two",
        "code_target": "one",
        "now": None,
    }
    assert [(row["function"], row["target"], row["now"]) for row in rows[1:]] == [
        (HTTPS, 1, None),
        (WORKER, 1, None),
    ]
    assert shown.stderr.splitlines() == [
        *(
            f"{REGION}: {it} would be moved from version 2 to 1, made {MADE}"
            for it in (ENDPOINT, HTTPS, WORKER)
        ),
        "Nothing was moved (--dry-run).",
    ]
    assert serving(cloud) == [2, 2, 2]


def test_every_alias_goes_to_the_version_before(cloud: FakeCloud, rollback: Rollback) -> None:
    moved = rollback("--format", "json")

    assert [row["now"] for row in json.loads(moved.stdout)] == [1, 1, 1]
    assert f"{REGION}: {ENDPOINT} is moved from version 2 to 1, made {MADE}" in moved.stderr
    assert moved.stderr.endswith("Next: firehose verify\n")
    assert (moved.returncode, serving(cloud)) == (0, [1, 1, 1])


def test_table_has_where_each_alias_was_and_is(cloud: FakeCloud, rollback: Rollback) -> None:
    lines = [line.split() for line in rollback().stdout.splitlines()]

    assert ["region", "transport", "before", "target", "now"] in lines
    assert [REGION, "worker", "2", "1", "1"] in lines
    assert serving(cloud) == [1, 1, 1]


def test_alias_that_is_there_already_is_not_moved(cloud: FakeCloud, rollback: Rollback) -> None:
    calls = cloud.session(REGION).functions.calls

    again = rollback("--to", "2")

    assert f"{REGION}: {ENDPOINT} is at version 2 already" in again.stderr
    assert (again.returncode, calls.count("update_alias")) == (0, 0)


@pytest.mark.parametrize(("to", "words"), [((), "before 1"), (("--to", "7"), "7")])
def test_version_that_is_not_kept_is_told_with_those_that_are(
    cloud: FakeCloud, rollback: Rollback, to: tuple[str, ...], words: str
) -> None:
    rollback()

    refused = rollback(*to)

    assert refused.returncode == 1
    assert f"{REGION}: {ENDPOINT} has no version {words}; it keeps 1, 2" in refused.stderr
    assert serving(cloud) == [1, 1, 1]


def test_worker_stays_where_it_has_no_version_of_that_code(
    cloud: FakeCloud, rollback: Rollback
) -> None:
    del cloud.session(REGION).functions.states[WORKER].versions[1]

    moved = rollback("--format", "json")

    assert [row["function"] for row in json.loads(moved.stdout)] == [ENDPOINT, HTTPS]
    assert f"{REGION}: {WORKER} keeps version 2: it has no version of that code" in moved.stderr
    assert serving(cloud) == [1, 1, 2]


def test_worker_that_runs_that_code_stays_at_its_version(
    cloud: FakeCloud, rollback: Rollback
) -> None:
    cloud.session(REGION).functions.states[WORKER].aliases[ALIAS].move("1")

    moved = rollback("--format", "json")

    assert [row["target"] for row in json.loads(moved.stdout)] == [1, 1, 1]
    assert f"{REGION}: {WORKER} is at version 1 already" in moved.stderr
    assert serving(cloud) == [1, 1, 1]


def test_deployment_without_a_worker_moves_what_there_is(
    cloud: FakeCloud, rollback: Rollback
) -> None:
    cloud.session(REGION).stacks.states[f"acme-firehose-{REGION}"].versions.pop(WORKER)

    moved = rollback("--format", "json")

    assert [row["function"] for row in json.loads(moved.stdout)] == [ENDPOINT, HTTPS]
    assert serving(cloud) == [1, 1, 2]


def test_share_that_somebody_gave_a_newer_version_is_taken_back(
    cloud: FakeCloud, rollback: Rollback
) -> None:
    alias = cloud.session(REGION).functions.states[ENDPOINT].aliases[ALIAS]
    alias.move("1", {"2": 0.1})

    moved = rollback()

    assert f"{REGION}: {ENDPOINT} is taken back from version 2 to 1" in moved.stderr
    assert (alias.version, alias.weights) == ("1", {})


def test_rollout_under_way_is_stopped_and_no_alias_is_moved(
    cloud: FakeCloud, rollback: Rollback
) -> None:
    session = cloud.session(REGION)
    session.stacks.is_gradual = True
    session.functions.states[ENDPOINT].aliases[ALIAS].move("1")
    session.rollouts.begin("d-1", ENDPOINT, 2)

    named = rollback("--to", "1")
    stopped = rollback("--format", "json")

    assert named.returncode == 1
    assert f"{REGION}: CodeDeploy is moving the alias (d-1)" in named.stderr
    assert [row["function"] for row in json.loads(stopped.stdout)] == [ENDPOINT, HTTPS, WORKER]
    assert stopped.stderr.splitlines() == [
        f"{REGION}: rollout d-1 is stopped; CodeDeploy and CloudFormation then go back",
        f"{REGION}: {ENDPOINT} is taken back from version 2 to 1",
        "Next: firehose verify",
    ]
    assert session.rollouts.under_way == {}
    assert "update_alias" not in session.functions.calls


def test_region_that_fails_stops_no_other(run: Run, cloud: FakeCloud, file: Path) -> None:
    cloud.session("us-east-1").stacks.states.clear()

    moved = run("rollback", "--format", "json", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert {row["region"] for row in json.loads(moved.stdout)} == {REGION, "ap-southeast-2"}
    assert moved.returncode == 4
    assert serving(cloud) == [1, 1, 1]


def test_move_that_is_refused_stops_no_other_and_is_told_by_the_exit_code(
    run: Run, cloud: FakeCloud, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise AwsError("AccessDeniedException")

    monkeypatch.setattr(cloud.session("us-east-1").functions, "update_alias", refuse)

    moved = run("rollback", "--format", "json", environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert moved.returncode == 1
    assert "us-east-1" in moved.stderr
    assert {row["region"]: row["now"] for row in json.loads(moved.stdout)} == {
        "us-east-1": None,
        REGION: 1,
        "ap-southeast-2": 1,
    }
