"""Regions, bootstraps and stacks in every state that AWS can report."""

from __future__ import annotations

import pytest

from ops.readiness.checks import ReadinessState
from ops.readiness.region_checks import bootstrap_check, enabled_check, stack_check
from plan.region_plan import RegionPlan
from tests.aws.answers import StubbedSession


@pytest.mark.parametrize(
    ("status", "next_step"),
    [
        ("UPDATE_COMPLETE", ""),
        ("UPDATE_ROLLBACK_COMPLETE", ""),
        ("UPDATE_IN_PROGRESS", "somebody deploys it now"),
        ("ROLLBACK_COMPLETE", "aws cloudformation delete-stack"),
        ("UPDATE_ROLLBACK_FAILED", "aws cloudformation continue-update-rollback"),
    ],
)
def test_stack_that_cannot_be_deployed_comes_with_the_command_that_helps(
    plan: RegionPlan, status: str, next_step: str
) -> None:
    session = StubbedSession()
    stack = {"StackName": plan.stack_name, "CreationTime": 0, "StackStatus": status}
    session.stub("cloudformation").add_response("describe_stacks", {"Stacks": [stack]})

    check = stack_check(session, plan)

    assert check.state is (ReadinessState.FAILED if next_step else ReadinessState.OK)
    assert check.next_step.startswith(next_step)
    assert check.stops_deploy is bool(next_step)


def test_missing_stack_is_a_first_deployment(plan: RegionPlan) -> None:
    session = StubbedSession()
    session.stub("cloudformation").add_client_error(
        "describe_stacks", "ValidationError", "Stack with id x does not exist"
    )

    assert stack_check(session, plan).found == "none yet: a first deployment"


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("ENABLED_BY_DEFAULT", ReadinessState.OK),
        ("ENABLED", ReadinessState.OK),
        ("DISABLED", ReadinessState.FAILED),
        ("ENABLING", ReadinessState.FAILED),
    ],
)
def test_region_has_to_be_enabled(plan: RegionPlan, status: str, state: ReadinessState) -> None:
    session = StubbedSession()
    session.stub("account").add_response("get_region_opt_status", {"RegionOptStatus": status})

    check = enabled_check(session, plan)

    assert check.state is state
    if state is ReadinessState.FAILED:
        assert check.next_step == "aws account enable-region --region-name eu-central-1"


def test_region_that_answers_is_enabled_whether_or_not_we_may_ask(plan: RegionPlan) -> None:
    session = StubbedSession()
    session.stub("account").add_client_error("get_region_opt_status", "AccessDeniedException")

    assert enabled_check(session, plan).state is ReadinessState.OK


@pytest.mark.parametrize(
    ("version", "state", "found"),
    [("6", ReadinessState.OK, "version 6"), ("5", ReadinessState.FAILED, "version 5, needs 6")],
)
def test_bootstrap_has_to_be_new_enough(
    plan: RegionPlan, version: str, state: ReadinessState, found: str
) -> None:
    session = StubbedSession()
    session.stub("ssm").add_response("get_parameter", {"Parameter": {"Value": version}})

    check = bootstrap_check(session, plan, "111122223333")

    assert (check.state, check.found) == (state, found)
    if state is ReadinessState.FAILED:
        assert check.next_step == "cdk bootstrap aws://111122223333/eu-central-1"
