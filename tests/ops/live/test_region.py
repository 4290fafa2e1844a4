"""A region as it is live, and where that is not what was planned or deployed last."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.regions import aws_failures
from console.exit_codes import CommandError, ExitCode
from ops.live.functions import move_alias, versions_of
from ops.live.region import LiveRegion
from plan.names import ALIAS
from plan.region_plan import RegionPlan
from tests.aws.answers import StubbedSession
from tests.aws.function_state import Configuration, FunctionState
from tests.aws.session import FakeSession
from tests.aws.stack_state import FunctionTemplate, Template

NAME, WORKER = "acme-firehose", "acme-firehose-worker"
DEPLOY = "Next: cdk deploy acme-firehose-eu-central-1"


def template(plan: RegionPlan, code: str = "one", *, memory_mb: int = 1024) -> Template:
    accounts = tuple(account.number for account in plan.invoking_accounts)
    return {
        NAME: FunctionTemplate(
            configuration=Configuration(code, memory_mb), accounts=accounts, reserved=1000
        ),
        WORKER: FunctionTemplate(configuration=Configuration(code, 512), reserved=100),
    }


@pytest.fixture
def session(plan: RegionPlan) -> FakeSession:
    """Deploy the region's stack as it is planned."""
    session = FakeSession(plan.region)
    session.stacks.deploy(plan.stack_name, template(plan))
    return session


def state(session: FakeSession, name: str = NAME) -> FunctionState:
    return session.functions.states[name]


def test_region_as_planned_has_no_differences(session: FakeSession, plan: RegionPlan) -> None:
    region = session.live(plan)

    assert region.differences == ()
    assert [it.role for it in region.functions] == ["lambda", "worker"]
    assert {it.made_by_stack for it in region.functions} == {1}
    assert region.versions == {NAME: 1, WORKER: 1}


def test_each_part_is_read_once_however_often_it_is_asked_for(
    session: FakeSession, plan: RegionPlan
) -> None:
    region = session.live(plan)
    for _ in range(3):
        _ = (region.stack, region.functions, region.differences, region.rollouts, region.grants)

    assert session.stacks.calls == ["describe_stacks", "list_stack_resources"]
    assert sorted(session.functions.calls) == [
        *(["get_alias"] * 2),
        *(["get_function"] * 2),
        *(["get_policy"] * 2),  # of the alias, and of the function past it
    ]


@pytest.mark.parametrize("name", [NAME, WORKER])
def test_alias_that_is_not_at_the_stacks_version_is_told_with_the_way_there(
    session: FakeSession, plan: RegionPlan, name: str
) -> None:
    session.stacks.deploy(plan.stack_name, template(plan, "two"))
    (function,) = (it for it in session.live(plan).functions if it.name == name)
    move_alias(session.as_session(), function, 1)

    (difference,) = session.live(plan).differences

    assert difference.text == f"{name} serves version 1; the last deployment made 2"
    assert difference.next_step.startswith("firehose deploy --region eu-central-1 moves it there")


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({ALIAS: ["338661164609", "457804467337"]}, "account 583371261087 is planned but may not"),
        ({ALIAS: ["999988887777"]}, "account 999988887777 may invoke but is not planned"),
        ({"": ["999988887777"]}, "999988887777 may invoke the function past its alias"),
    ],
)
def test_whoever_may_invoke_unplanned_is_told(
    session: FakeSession, plan: RegionPlan, changed: dict[str, list[str]], text: str
) -> None:
    state(session).grants.update(changed)

    assert any(text in str(it) for it in session.live(plan).differences)


def test_grant_past_the_alias_is_told_with_the_command_that_removes_it(
    session: FakeSession, plan: RegionPlan
) -> None:
    state(session).grants[""] = ["999988887777"]

    (difference,) = session.live(plan).differences

    assert difference.next_step == (
        "aws lambda remove-permission --function-name acme-firehose"
        " --region eu-central-1 --statement-id sid-999988887777"
    )


def test_size_and_reservation_are_those_in_force(session: FakeSession, plan: RegionPlan) -> None:
    state(session).versions[1] = Configuration("one", 128)
    state(session, WORKER).reserved = None

    texts = [str(it) for it in session.live(plan).differences]

    assert texts == [
        f"eu-central-1: memory is 128 MB, planned 1024\n{DEPLOY}",
        f"eu-central-1: reserved concurrency of {WORKER} is none, planned 100\n{DEPLOY}",
    ]


def test_embedded_aws_forgets_reservations_and_is_not_blamed(
    session: FakeSession, plan: RegionPlan
) -> None:
    state(session).reserved = None

    assert session.live(replace(plan, complete=False)).differences == ()


def test_versions_are_listed_oldest_first_without_latest(
    session: FakeSession, plan: RegionPlan
) -> None:
    session.stacks.deploy(plan.stack_name, template(plan, "two"))
    function = session.live(plan).functions[0]

    versions = versions_of(session.as_session(), function)

    assert [(it.number, it.code) for it in versions] == [(1, "one"), (2, "two")]


def test_alias_on_latest_is_refused_with_the_deploy_that_mends_it(
    session: FakeSession, plan: RegionPlan
) -> None:
    state(session).aliases[ALIAS].version = "$LATEST"

    with pytest.raises(CommandError, match=r"points to \$LATEST") as raised:
        _ = session.live(plan).functions

    assert str(raised.value).endswith(DEPLOY)


def test_alias_that_somebody_else_moved_stays_where_it_is(
    session: FakeSession, plan: RegionPlan
) -> None:
    function = session.live(plan).functions[0]
    state(session).aliases[ALIAS].revision += 1

    with pytest.raises(CommandError, match="somebody else moved the alias meanwhile"):
        move_alias(session.as_session(), function, 1)


def test_missing_stack_is_not_deployed_but_has_no_versions_either(plan: RegionPlan) -> None:
    region = FakeSession(plan.region).live(plan)

    assert region.versions == {}
    with pytest.raises(CommandError, match="the stack does not exist") as raised:
        _ = region.functions
    assert raised.value.exit_code is ExitCode.NOT_DEPLOYED
    assert str(raised.value).endswith(DEPLOY)


def test_stack_without_an_alias_is_not_deployed(session: FakeSession, plan: RegionPlan) -> None:
    session.stacks.states[plan.stack_name].versions.clear()

    with pytest.raises(CommandError, match="has no alias production") as raised:
        _ = session.live(plan).functions

    assert raised.value.exit_code is ExitCode.NOT_DEPLOYED


def test_stack_whose_first_deployment_failed_says_how_to_go_on(
    session: FakeSession, plan: RegionPlan
) -> None:
    session.stacks.states[plan.stack_name].versions.clear()
    session.stacks.states[plan.stack_name].status = "ROLLBACK_COMPLETE"

    with pytest.raises(CommandError, match="firehose destroy --region eu-central-1"):
        _ = session.live(plan).functions


@pytest.mark.parametrize(
    ("code", "exit_code", "text"),
    [
        ("ExpiredToken", ExitCode.NO_CREDENTIALS, "AWS refused the credentials"),
        ("AccessDenied", ExitCode.CHECK_FAILED, "DescribeStacks failed: AccessDenied"),
        ("Throttling", ExitCode.CHECK_FAILED, "DescribeStacks failed: Throttling"),
    ],
)
def test_refusal_of_aws_is_told_in_our_words(
    plan: RegionPlan, code: str, exit_code: ExitCode, text: str
) -> None:
    session = StubbedSession()
    session.stub("cloudformation").add_client_error("describe_stacks", code, "canary-text")

    with pytest.raises(CommandError, match=text) as raised, aws_failures("eu-central-1"):
        _ = LiveRegion(session, plan).stack

    assert raised.value.exit_code is exit_code
    assert "canary-text" not in str(raised.value)
