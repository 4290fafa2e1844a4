"""Regions, bootstraps and stacks in every state that AWS can report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cloud.stack_status import RULES
from ops.live.alarms import RingingAlarm
from ops.live.region import LiveRegion
from ops.readiness.checks import ReadinessState
from ops.readiness.region_checks import (
    bootstrap_check,
    destination_checks,
    enabled_check,
    queue_check,
    rollout_check,
    stack_check,
)
from plan.alarm_recipients import AlarmRecipients
from plan.region_plan import RegionPlan
from tests.aws.answers import StubbedSession
from tests.aws.session import FakeSession
from tests.aws.stack_state import FunctionTemplate


@pytest.mark.parametrize("status", sorted(RULES))
def test_stack_of_every_status_may_be_deployed_or_comes_with_the_command_that_helps(
    plan: RegionPlan, status: str
) -> None:
    session = StubbedSession()
    stack = {"StackName": plan.stack_name, "CreationTime": 0, "StackStatus": status}
    session.stub("cloudformation").add_response("describe_stacks", {"Stacks": [stack]})

    check = stack_check(LiveRegion(session, plan))

    may_deploy = check.state is ReadinessState.OK
    assert check.found.startswith(f"{status}: ")
    assert bool(check.next_step) is not may_deploy
    assert check.stops_deploy is not may_deploy


def test_missing_stack_is_a_first_deployment(plan: RegionPlan) -> None:
    live = FakeSession(plan.region).live(plan)

    assert stack_check(live).found == "none yet: a first deployment"


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

    check = enabled_check(LiveRegion(session, plan))

    assert check.state is state
    if state is ReadinessState.FAILED:
        assert check.next_step == "aws account enable-region --region-name eu-central-1"


def test_region_that_answers_is_enabled_whether_or_not_we_may_ask(plan: RegionPlan) -> None:
    session = StubbedSession()
    session.stub("account").add_client_error("get_region_opt_status", "AccessDeniedException")

    assert enabled_check(LiveRegion(session, plan)).state is ReadinessState.OK


@pytest.mark.parametrize(
    ("version", "state", "found"),
    [("6", ReadinessState.OK, "version 6"), ("5", ReadinessState.FAILED, "version 5, needs 6")],
)
def test_bootstrap_has_to_be_new_enough(
    plan: RegionPlan, version: str, state: ReadinessState, found: str
) -> None:
    session = StubbedSession()
    session.stub("ssm").add_response("get_parameter", {"Parameter": {"Value": version}})

    check = bootstrap_check(LiveRegion(session, plan), "111122223333")

    assert (check.state, check.found) == (state, found)
    if state is ReadinessState.FAILED:
        assert check.next_step == "cdk bootstrap aws://111122223333/eu-central-1"


@pytest.mark.parametrize(
    ("text", "stops"),
    [("PAGE. Calls fail.", True), ("TICKET. Calls are slow.", False)],
)
def test_gradual_rollout_cannot_begin_while_an_alarm_pages(
    plan: RegionPlan, text: str, stops: bool
) -> None:
    live = LiveRegion(
        FakeSession(plan.region).as_session(), replace(plan, rollout="canary-10-percent-5-minutes")
    )
    live.ringing = (RingingAlarm(name="Failures", since="2026-01-01T00:00:00Z", text=text),)

    (check,) = rollout_check(live)

    assert check.stops_deploy is stops
    assert ('strategy = "all-at-once"' in check.next_step) is stops


def test_release_all_at_once_does_not_ask_for_alarms(plan: RegionPlan) -> None:
    assert list(rollout_check(FakeSession(plan.region).live(plan))) == []


@pytest.mark.parametrize(("waiting", "stops"), [(0, False), (3, True)])
def test_queue_with_messages_is_not_taken_out_of_use(
    plan: RegionPlan, waiting: int, stops: bool
) -> None:
    session = FakeSession(plan.region)
    session.stacks.has_queues = True
    session.stacks.deploy(plan.stack_name, {"acme-firehose": FunctionTemplate()})
    session.queues.waiting[f"https://sqs.{plan.region}.amazonaws.com/1/QueueUrl"] = waiting
    live = session.live(replace(plan, delivery=None))

    (check,) = queue_check(live)

    assert check.stops_deploy is stops
    assert check.next_step.startswith("keep = true under [queue]") is stops


def test_queue_that_stays_is_not_asked_about(plan: RegionPlan) -> None:
    assert list(queue_check(FakeSession(plan.region).live(plan))) == []


def test_secret_of_an_alarms_url_has_to_be_there_and_is_not_read(plan: RegionPlan) -> None:
    session = StubbedSession()
    stub = session.stub("secretsmanager")
    stub.add_response("describe_secret", {"Name": "acme/pagerduty"})
    stub.add_client_error("describe_secret", "ResourceNotFoundException")
    https = ("https://alarms.acme.example/sns", "secret:acme/pagerduty", "secret:acme/opsgenie")

    told = replace(plan, alarms=AlarmRecipients(https=https))
    there, missing = destination_checks(LiveRegion(session, told))

    assert (there.state, there.found) == (ReadinessState.OK, "the secret acme/pagerduty is there")
    assert (missing.state, missing.stops_deploy) == (ReadinessState.FAILED, True)
    assert "--name acme/opsgenie --secret-string file://FILE" in missing.next_step


def test_nobody_asks_for_secrets_where_alarms_name_none(plan: RegionPlan) -> None:
    assert list(destination_checks(LiveRegion(StubbedSession(), plan))) == []
