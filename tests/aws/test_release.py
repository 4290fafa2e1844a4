"""Whatever happens to releases, success means the wanted code is live, and failure says what is.

Random sequences of deploy, failure, retry, rollback, changes of configuration or of the worker
alone, and other operators in between, against the double of AWS. A sequence is its seed.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from random import Random

import pytest

from console.exit_codes import CommandError
from ops.release.way_back import find_way_back, go_back
from plan.names import ALIAS
from tests.aws.release_world import ENDPOINT, PLANS, WORKER, World
from tests.aws.stack_state import DeploymentFailedError

SEQUENCES = int(os.environ.get("FIREHOSE_SEQUENCES", "400"))


def deploy(world: World) -> None:
    release, failures = world.release()
    for plan in PLANS:
        serving, region = world.serving(plan), release.regions[plan.region]
        if not failures:
            wanted = {name: it.configuration for name, it in world.template(plan).items()}
            assert {name: it for name, (_, it) in serving.items()} == wanted, world.history
            assert region.outcome == "deployed"
        elif region.outcome != "not begun":
            told = {name: number for name, (number, _) in serving.items()}
            assert dict(region.now) == told, world.history
            if region.before and not world.interferes:
                assert told == region.before, world.history


def deploy_new_code(world: World) -> None:
    world.code, world.worker_code = max(world.code, world.worker_code or 0) + 1, None
    deploy(world)


def deploy_older_code(world: World) -> None:
    world.code, world.worker_code = max(1, world.code - 1), None
    deploy(world)


def deploy_configuration(world: World) -> None:
    world.setting += 1
    deploy(world)


def deploy_worker_alone(world: World) -> None:
    world.worker_code = max(world.code, world.worker_code or 0) + 1
    deploy(world)


def deploy_with_failing_stack(world: World) -> None:
    world.fails_in = {world.random.choice(PLANS).region: world.random.choice((ENDPOINT, WORKER))}
    deploy_new_code(world)
    world.fails_in = {}


def deploy_with_wrong_answers(world: World) -> None:
    world.answers_wrong = {world.random.choice(PLANS).region}
    deploy_new_code(world)
    world.answers_wrong = set()


def deploy_while_somebody_moves_an_alias(world: World) -> None:
    def interferes(region: str) -> None:
        functions = world.sessions[world.random.choice((region, PLANS[0].region))].functions
        function = functions.states.get(ENDPOINT)
        if function:
            function.aliases[ALIAS].move(str(world.random.choice(list(function.versions))))

    world.interferes = interferes
    deploy_new_code(world)
    world.interferes = None


def deploy_while_somebody_else_deploys(world: World) -> None:
    def interferes(region: str) -> None:
        ours = world.code
        world.code = ours + 100
        plan = next(plan for plan in PLANS if plan.region == region)
        world.sessions[region].stacks.deploy(plan.stack_name, world.template(plan))
        world.code = ours

    world.interferes = interferes
    deploy_new_code(world)
    world.interferes = None
    world.code += 200


def roll_back(world: World) -> None:
    for plan in PLANS:
        live = world.sessions[plan.region].live(plan)
        try:
            way = find_way_back(live, None)
            after = go_back(live, way)
        except CommandError:
            continue
        serving = world.serving(plan)
        assert dict(after) == {name: number for name, (number, _) in serving.items()}
        for move in way.moves:
            assert after[move.function.name] == move.to.number
        if way.stays is None:
            assert serving[WORKER][1].code == serving[ENDPOINT][1].code, world.history


def move_alias_by_hand(world: World) -> None:
    plan = world.random.choice(PLANS)
    for function in world.sessions[plan.region].functions.states.values():
        function.aliases[ALIAS].move(str(world.random.choice(list(function.versions))))


def destroy_what_failed(world: World) -> None:
    """Do as `preflight` says after a first deployment that failed."""
    for plan in PLANS:
        live = world.sessions[plan.region].live(plan)
        if live.found_stack and live.found_stack.status == "ROLLBACK_COMPLETE":
            stacks = world.sessions[plan.region].stacks
            stacks.update_termination_protection(
                StackName=plan.stack_name, EnableTerminationProtection=False
            )
            stacks.delete_stack(StackName=plan.stack_name)


STEPS: tuple[Callable[[World], None], ...] = (
    deploy,
    deploy_new_code,
    deploy_older_code,
    deploy_configuration,
    deploy_worker_alone,
    deploy_with_failing_stack,
    deploy_with_wrong_answers,
    deploy_while_somebody_moves_an_alias,
    deploy_while_somebody_else_deploys,
    roll_back,
    move_alias_by_hand,
    destroy_what_failed,
)


def play(seed: int, *, checked: bool = False) -> World:
    world = World(random=Random(seed), checked=checked)
    for _ in range(world.random.randint(2, 10)):
        step = world.random.choice(STEPS)
        world.history.append(step.__name__)
        step(world)
    return world


@pytest.mark.parametrize("seed", range(8))
def test_calls_of_a_release_are_calls_that_botocore_knows(seed: int) -> None:
    play(seed, checked=True)


def test_success_means_the_wanted_code_is_live_and_failure_says_what_is() -> None:
    for seed in range(SEQUENCES):
        play(seed)


def test_code_of_a_rolled_back_update_can_be_deployed_again() -> None:
    world = World(random=Random(0))
    deploy(world)
    world.fails_in = {PLANS[0].region: WORKER}
    deploy_new_code(world)
    world.fails_in = {}

    release, failures = world.release()

    assert failures == []
    assert {it.outcome for it in release.regions.values()} == {"deployed"}


def test_version_that_a_rolled_back_update_left_behind_would_block_its_code() -> None:
    plan, world = PLANS[0], World(random=Random(0))
    stacks = world.sessions[plan.region].stacks
    stacks.retains_rolled_back_versions = True  # as the template did with DeletionPolicy: Retain
    stacks.deploy(plan.stack_name, world.template(plan))
    world.code = 2
    with pytest.raises(DeploymentFailedError):
        stacks.deploy(plan.stack_name, world.template(plan), fails_at=WORKER)

    with pytest.raises(DeploymentFailedError, match="a version 2 already exists"):
        stacks.deploy(plan.stack_name, world.template(plan))


def test_retried_release_moves_the_alias_that_was_taken_back() -> None:
    world = World(random=Random(0))
    deploy(world)
    world.answers_wrong = {PLANS[1].region}
    deploy_new_code(world)
    assert {number for number, _ in world.serving(PLANS[0]).values()} == {1}
    world.answers_wrong = set()

    release, failures = world.release()

    assert failures == []
    assert {number for plan in PLANS for number, _ in world.serving(plan).values()} == {2}
    assert release.regions[PLANS[1].region].before == {ENDPOINT: 1, WORKER: 1}


def test_worker_follows_a_rollback_to_the_same_code() -> None:
    world = World(random=Random(0))
    for step in (deploy, deploy_new_code, deploy_worker_alone):
        step(world)
    (live,) = (world.sessions[plan.region].live(plan) for plan in PLANS[:1])

    after = go_back(live, find_way_back(live, None))

    assert after == {ENDPOINT: 1, WORKER: 1}
