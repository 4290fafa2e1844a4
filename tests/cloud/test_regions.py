"""What goes wrong between us and AWS, in words with a next step and an exit code."""

from __future__ import annotations

import time
from threading import Event
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError
from botocore.retries.standard import ThrottledRetryableChecker

from cloud.regions import aws_failures, in_every_region
from console.exit_codes import CommandError, ExitCode
from ops.live.region import LiveRegion
from ops.release.removal import delete
from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from tests.aws.answers import StubbedSession

THROTTLED: Any = vars(ThrottledRetryableChecker)["_THROTTLED_ERROR_CODES"]


def told(code: str) -> CommandError:
    error = ClientError({"Error": {"Code": code, "Message": "canary"}}, "DescribeStacks")
    with pytest.raises(CommandError) as raised, aws_failures("eu-central-1"):
        raise error
    assert "canary" not in str(raised.value)
    return raised.value


@pytest.mark.parametrize("code", sorted(THROTTLED))
def test_whatever_botocore_repeats_as_throttled_is_told_as_a_pause(code: str) -> None:
    assert "Next: AWS asks for a pause" in str(told(code))


@pytest.mark.parametrize(
    ("code", "exit_code", "words"),
    [
        ("ExpiredTokenException", ExitCode.NO_CREDENTIALS, "set AWS_PROFILE"),
        ("InvalidClientTokenId", ExitCode.NO_CREDENTIALS, "aws account enable-region"),
        ("OptInRequired", ExitCode.NO_CREDENTIALS, "aws account enable-region"),
        ("AccessDenied", ExitCode.CHECK_FAILED, "call DescribeStacks in eu-central-1"),
        ("InternalFailure", ExitCode.CHECK_FAILED, "check that the credentials may call"),
    ],
)
def test_refusal_has_its_exit_code_and_next_step(
    code: str, exit_code: ExitCode, words: str
) -> None:
    error = told(code)

    assert error.exit_code is exit_code
    assert words in str(error).partition("\nNext: ")[2]


def test_what_aws_could_not_finish_is_not_told_as_a_broken_network() -> None:
    failed = WaiterError(name="PublishedVersionActive", reason="it is Failed", last_response={})

    with pytest.raises(CommandError) as raised, aws_failures("eu-central-1"):
        raise failed

    assert "AWS did not finish: Waiter PublishedVersionActive failed" in str(raised.value)
    assert "network" not in str(raised.value)


def test_regions_are_asked_at_once_and_answer_in_the_plans_order() -> None:
    plans = regions(Deployment.model_validate({"name": "acme"}), AWS)
    last = Event()

    def work(_session: object, plan: RegionPlan) -> str:
        if plan == plans[-1]:
            last.set()
        assert last.wait(10), "the last region is asked before the first has answered"
        return plan.region

    assert in_every_region(plans, work) == [(plan, plan.region) for plan in plans]


def test_error_of_our_own_is_not_hidden(plan: RegionPlan) -> None:
    def work(_session: object, _plan: RegionPlan) -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError, match="ours"):
        in_every_region([plan], work)


def test_deletion_that_nobody_waits_for_goes_on(plan: RegionPlan) -> None:
    session, stop = StubbedSession(), Event()
    stop.set()
    cloudformation = session.stub("cloudformation")
    for status in ("UPDATE_COMPLETE", "DELETE_IN_PROGRESS"):
        stack = {
            "StackName": plan.stack_name,
            "StackId": "id",
            "StackStatus": status,
            "EnableTerminationProtection": True,
        }
        if status == "DELETE_IN_PROGRESS":
            cloudformation.add_response("update_termination_protection", {})
            cloudformation.add_response("delete_stack", {})
        cloudformation.add_response(
            "describe_stacks", {"Stacks": [{**stack, "CreationTime": time.time()}]}
        )

    assert delete(LiveRegion(session, plan), stop) is False
    cloudformation.assert_no_pending_responses()
