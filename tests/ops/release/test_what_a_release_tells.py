"""What a release says of each region: how far it came, why it ended, and what it leaves there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from threading import Event

import pytest

from console.exit_codes import CommandError
from ops.live.region import LiveRegion
from ops.release.release import Release
from plan.names import ALIAS
from plan.region_plan import RegionPlan
from tests.aws.release_world import ENDPOINT, PLANS, WORKER, World

FIRST, SECOND = PLANS


@pytest.fixture
def world() -> World:
    """Have both regions deployed once, and newer code to deploy."""
    world = World(random=Random(0))
    world.release()
    world.code = 2
    return world


def release(
    world: World,
    *,
    prove: Callable[[LiveRegion], Sequence[str]] | None = None,
    deploy: Callable[[RegionPlan], None] | None = None,
    plans: Sequence[RegionPlan] = PLANS,
) -> tuple[Release, list[str]]:
    """Release region after region; give the failures as they are told."""
    release = Release(
        waves=[(plan,) for plan in plans],
        deploy_stack=deploy or world.cdk_deploy,
        prove=prove or world.prove,
        in_regions=world.in_regions,
    )
    return release, [str(it) for it in release.run(Event())]


def alias_of(world: World, plan: RegionPlan, name: str = ENDPOINT) -> str:
    return world.sessions[plan.region].functions.states[name].aliases[ALIAS].version


def test_no_wave_is_begun_once_somebody_stopped(world: World) -> None:
    stop = Event()
    stop.set()

    found = Release(
        waves=[(plan,) for plan in PLANS],
        deploy_stack=world.cdk_deploy,
        prove=world.prove,
        in_regions=world.in_regions,
    )

    assert found.run(stop) == []
    assert {it.outcome for it in found.regions.values()} == {"not begun"}


def test_first_deployment_that_answers_wrong_failed_and_stays(
    capsys: pytest.CaptureFixture[str],
) -> None:
    world = World(random=Random(0), answers_wrong={FIRST.region})

    found, _ = release(world)

    region = found.regions[FIRST.region]
    assert (region.outcome, region.before) == ("failed", {})
    assert region.now == region.wanted == {ENDPOINT: 1, WORKER: 1}
    assert f"{FIRST.region}: {ENDPOINT} had no version before and stays" in capsys.readouterr().err


def test_each_wrong_answer_is_a_line_before_the_next_step(world: World) -> None:
    _, failures = release(world, prove=lambda _: ["wrong one", "wrong two"])

    (failure,) = failures
    assert failure.splitlines() == [
        "wrong one",
        "wrong two",
        "Next: firehose logs --region us-east-1, mend the integration, deploy again",
    ]


def test_what_is_not_as_planned_afterwards_ends_the_release(world: World) -> None:
    plan = replace(
        FIRST, function=replace(FIRST.function, memory_mb=2048, environment={"URL": "canary"})
    )

    found, failures = release(world, plans=[plan])

    (failure,) = failures
    first, second, next_step = failure.splitlines()
    assert first.startswith("us-east-1: ")
    assert second.startswith("us-east-1: ")
    assert next_step == "Next: firehose verify --region us-east-1 tells what to do about each"
    assert found.regions["us-east-1"].outcome == "taken back"


def test_region_that_cannot_be_looked_at_again_tells_what_was_seen_last(world: World) -> None:
    in_regions, refused = world.in_regions, CommandError("away", next_step="wait")
    visits: list[object] = []

    def reachable_once(plans: Sequence[RegionPlan], work: Callable[[LiveRegion], None]) -> object:
        visits.append(plans)
        return in_regions(plans, work) if len(visits) == 1 else ([], [refused])

    found = Release(
        waves=[(FIRST,)],
        deploy_stack=world.cdk_deploy,
        prove=lambda _: ["wrong"],
        in_regions=reachable_once,  # type: ignore[arg-type]
    )

    assert [str(it).splitlines()[0] for it in found.run(Event())] == ["wrong", "away"]
    assert found.regions[FIRST.region].now == {ENDPOINT: 2, WORKER: 2}


def test_region_without_a_stack_is_not_told_a_second_time() -> None:
    def deploy(plan: RegionPlan) -> None:
        raise CommandError(f"{plan.region}: cdk deploy failed", next_step="look")

    found, failures = release(World(random=Random(0)), deploy=deploy)

    assert failures == ["us-east-1: cdk deploy failed\nNext: look"]
    assert [it.outcome for it in found.regions.values()] == ["failed", "not begun"]


def behind(world: World) -> Callable[[RegionPlan], None]:
    """Deploy a stack whose alias somebody moved back, so that its template does not move it."""

    def deploy(plan: RegionPlan) -> None:
        world.cdk_deploy(plan)
        world.sessions[plan.region].functions.states[ENDPOINT].aliases[ALIAS].move("1")

    return deploy


def test_alias_that_cloudformation_left_behind_is_moved_and_said(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    _, failures = release(world, deploy=behind(world), plans=[FIRST])

    assert failures == []
    assert alias_of(world, FIRST) == "2"
    said = f"us-east-1: {ENDPOINT} is moved from version 1 to 2"
    assert said in capsys.readouterr().err.splitlines()


def test_gradual_rollout_that_did_not_begin_is_told_and_no_alias_jumps(world: World) -> None:
    plan = replace(FIRST, rollout="canary-10-percent-5-minutes")

    _, failures = release(world, deploy=behind(world), plans=[plan])

    (failure,) = failures
    assert failure == (
        f"us-east-1: {ENDPOINT}: the rollout canary-10-percent-5-minutes did not move the alias,"
        " because the template did not change\nNext: firehose rollback --region us-east-1 --to 2"
        " moves it all at once; or deploy a change"
    )
    assert alias_of(world, FIRST) == "1"


def rolling(world: World) -> Callable[[RegionPlan], None]:
    """Deploy a stack whose alias CodeDeploy still moves."""

    def deploy(plan: RegionPlan) -> None:
        session = world.sessions[plan.region]
        behind(world)(plan)
        session.stacks.is_gradual = True
        session.rollouts.begin("d-1", ENDPOINT, 2)

    return deploy


def test_alias_that_codedeploy_moves_is_left_to_it(world: World) -> None:
    _, failures = release(world, deploy=rolling(world), plans=[FIRST])

    assert "update_alias" not in world.sessions[FIRST.region].functions.calls
    assert "somebody else changed it meanwhile" in failures[0]


def test_nothing_is_taken_back_from_somebodys_rollout(world: World) -> None:
    world.answers_wrong = {FIRST.region}

    found, failures = release(world, deploy=rolling(world), plans=[FIRST])

    assert failures[0].startswith("wrong answer\n")
    assert failures[1] == (
        "us-east-1: the alias stays where it is: somebody's rollout is under way (d-1)"
        "\nNext: firehose rollback --region us-east-1 stops it and goes back"
    )
    assert found.regions["us-east-1"].outcome == "failed"


@pytest.mark.parametrize(
    ("versions", "serves"),
    [
        ("1", f"{ENDPOINT} version 1, {WORKER} version 2"),
        (None, "nothing"),
    ],
)
def test_region_that_somebody_else_changed_failed_and_says_what_it_serves(
    world: World, versions: str | None, serves: str
) -> None:
    """The other region's turn is the last moment at which that can be seen."""
    session = world.sessions[FIRST.region]

    def prove(live: LiveRegion) -> list[str]:
        if live.plan == SECOND and versions:
            session.functions.states[ENDPOINT].aliases[ALIAS].move(versions)
        elif live.plan == SECOND:
            session.stacks.states.clear()
        return []

    found, failures = release(world, prove=prove)

    assert [it.outcome for it in found.regions.values()] == ["failed", "deployed"]
    assert f"it serves {serves}, this run deployed {ENDPOINT} version 2" in failures[0]
