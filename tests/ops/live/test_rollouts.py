"""A rollback while CodeDeploy moves the alias: the rollout is stopped, and nobody fights it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from console.exit_codes import CommandError
from ops.live import rollouts
from ops.release.release import RegionRelease, Release
from ops.release.way_back import find_way_back, go_back
from plan.names import ALIAS
from plan.region_plan import RegionPlan
from tests.aws.function_state import Configuration
from tests.aws.session import FakeSession
from tests.aws.stack_state import FunctionTemplate

NAME = "acme-firehose"


@pytest.fixture
def session(plan: RegionPlan) -> FakeSession:
    """Deploy version 1, then begin a rollout of version 2 that has a tenth of the calls."""
    session = FakeSession(plan.region)
    accounts = tuple(account.number for account in plan.invoking_accounts)
    for code in ("one", "two"):
        template = FunctionTemplate(
            configuration=Configuration(code), accounts=accounts, reserved=1000
        )
        session.stacks.deploy(plan.stack_name, {NAME: template})
    session.stacks.is_gradual = True
    session.functions.states[NAME].aliases[ALIAS].version = "1"
    session.rollouts.begin("d-1", NAME, 2)
    return session


def test_rollout_under_way_is_stopped_and_codedeploy_takes_the_alias_back(
    session: FakeSession, plan: RegionPlan
) -> None:
    way = find_way_back(session.live(plan), None)

    assert [(one.function.shifting_to, one.to.number) for one in way.moves] == [(2, 1)]
    assert go_back(session.live(plan), way) == {NAME: 1}
    assert session.functions.states[NAME].aliases[ALIAS].weights == {}
    assert "update_alias" not in session.functions.calls


def test_rollout_that_ended_meanwhile_is_no_error(session: FakeSession, plan: RegionPlan) -> None:
    way = find_way_back(session.live(plan), None)
    alias = session.functions.states[NAME].aliases[ALIAS]
    alias.version, alias.weights = "2", {}
    session.rollouts.under_way.clear()

    assert go_back(session.live(plan), way) == {NAME: 2}


def test_alias_that_never_comes_to_rest_is_told_with_the_rollout(
    session: FakeSession, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollouts, "_LONGEST_SECONDS", -1)
    session.rollouts.ends = False
    way = find_way_back(session.live(plan), None)

    with pytest.raises(CommandError, match="still shares its calls\nNext: see d-1"):
        go_back(session.live(plan), way)


def test_chosen_version_is_refused_during_a_rollout(session: FakeSession, plan: RegionPlan) -> None:
    with pytest.raises(CommandError, match="CodeDeploy is moving the alias") as raised:
        find_way_back(session.live(plan), 1)

    assert "Next: firehose rollback --region eu-central-1 stops it" in str(raised.value)


def test_weights_that_no_rollout_owns_are_taken_away(
    session: FakeSession, plan: RegionPlan
) -> None:
    session.rollouts.under_way.clear()

    assert go_back(session.live(plan), find_way_back(session.live(plan), None)) == {NAME: 1}
    assert session.functions.states[NAME].aliases[ALIAS].weights == {}


def release_of(plan: RegionPlan) -> Release:
    release = Release(waves=[(plan,)], deploy_stack=lambda _plan: None, prove=lambda _live: [])
    release.regions[plan.region] = RegionRelease(before={NAME: 1}, outcome="failed")
    return release


def test_failed_deployment_leaves_an_alias_alone_that_somebody_elses_rollout_moves(
    session: FakeSession, plan: RegionPlan
) -> None:
    with pytest.raises(CommandError, match="somebody's rollout is under way") as raised:
        release_of(plan).take_back(session.live(plan))

    assert "Next: firehose rollback --region eu-central-1" in str(raised.value)


def test_failed_deployment_takes_an_alias_back_with_all_its_calls(
    session: FakeSession, plan: RegionPlan
) -> None:
    session.rollouts.under_way.clear()
    release = release_of(plan)

    release.take_back(session.live(plan))

    assert release.regions[plan.region].outcome == "taken back"
    assert session.functions.states[NAME].aliases[ALIAS].weights == {}


def test_gradual_rollout_that_did_not_move_the_alias_is_told_with_the_command_that_does(
    session: FakeSession, plan: RegionPlan
) -> None:
    session.rollouts.under_way.clear()
    gradual = replace(plan, rollout="canary-10-percent-5-minutes")
    release = Release(waves=[(gradual,)], deploy_stack=lambda _plan: None, prove=lambda _live: [])

    with pytest.raises(CommandError, match="did not move the alias") as raised:
        release._release(session.live(gradual))

    assert "firehose rollback --region eu-central-1 --to 2" in str(raised.value)
