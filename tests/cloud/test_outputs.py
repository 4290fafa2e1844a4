"""Reading what is live, against answers that botocore's service models allow."""

from __future__ import annotations

import json

import pytest

from cloud.outputs import read_endpoint
from cloud.regions import aws_failures
from console.exit_codes import CommandError, ExitCode
from ops.live.differences import differences, read_differences
from plan.region_plan import RegionPlan
from tests.aws.answers import StubbedSession

ARN = "arn:aws:lambda:eu-central-1:111122223333:function:acme-firehose:production"
STACK = {"StackName": "acme-firehose-eu-central-1", "CreationTime": 0, "StackStatus": "X"}


def statement(principal: object) -> dict[str, object]:
    return {"Effect": "Allow", "Principal": principal, "Action": "lambda:InvokeFunction"}


def session_with(principals: list[object], *, memory_mb: int = 1024) -> StubbedSession:
    session = StubbedSession()
    outputs = [{"OutputKey": "FunctionArn", "OutputValue": ARN}]
    session.stub("cloudformation").add_response(
        "describe_stacks",
        {"Stacks": [STACK | {"Outputs": outputs}]},
        {"StackName": "acme-firehose-eu-central-1"},
    )
    stub = session.stub("lambda")
    stub.add_response(
        "get_function", {"Configuration": {"MemorySize": memory_mb}}, {"FunctionName": ARN}
    )
    alias = {"FunctionName": "acme-firehose", "Qualifier": "production"}
    policy = json.dumps({"Statement": [statement(principal) for principal in principals]})
    stub.add_response("get_policy", {"Policy": policy}, alias)
    stub.add_response(
        "get_function_concurrency",
        {"ReservedConcurrentExecutions": 1000},
        {"FunctionName": "acme-firehose"},
    )
    return session


PLANNED = ("338661164609", "457804467337", "583371261087")


def test_accounts_are_read_from_the_policy_of_the_alias_in_either_form(plan: RegionPlan) -> None:
    roots: list[object] = [{"AWS": f"arn:aws:iam::{number}:root"} for number in PLANNED[:2]]
    endpoint = read_endpoint(session_with([*roots, {"AWS": PLANNED[2]}]), plan)

    assert endpoint.arn == ARN
    assert endpoint.accounts == PLANNED
    assert endpoint.memory_mb == 1024
    assert endpoint.reserved_concurrency == 1000
    assert differences(plan, endpoint) == []


@pytest.mark.parametrize(
    ("principals", "memory_mb", "text"),
    [
        (PLANNED[:2], 1024, "account 583371261087 is planned but may not invoke"),
        ((*PLANNED, "999988887777"), 1024, "account 999988887777 may invoke but is not planned"),
        ((*PLANNED, "*"), 1024, "account * may invoke but is not planned"),
        (PLANNED, 128, "memory is 128 MB, planned 1024"),
    ],
)
def test_difference_between_live_and_planned_is_told_with_the_next_step(
    plan: RegionPlan, principals: tuple[str, ...], memory_mb: int, text: str
) -> None:
    named: list[object] = [{"AWS": principal} for principal in principals]
    endpoint = read_endpoint(session_with(named, memory_mb=memory_mb), plan)

    (difference,) = differences(plan, endpoint)
    assert difference == f"eu-central-1: {text}\nNext: cdk deploy acme-firehose-eu-central-1"


def test_missing_stack_is_not_deployed(plan: RegionPlan) -> None:
    session = StubbedSession()
    session.stub("cloudformation").add_client_error(
        "describe_stacks",
        "ValidationError",
        "Stack with id acme-firehose-eu-central-1 does not exist",
    )

    with pytest.raises(CommandError, match="does not exist") as raised:
        read_endpoint(session, plan)

    assert raised.value.exit_code is ExitCode.NOT_DEPLOYED
    assert str(raised.value).endswith("Next: cdk deploy acme-firehose-eu-central-1")


def test_stack_that_failed_half_way_is_not_deployed(plan: RegionPlan) -> None:
    session = StubbedSession()
    failed = STACK | {"StackStatus": "ROLLBACK_COMPLETE"}
    session.stub("cloudformation").add_response("describe_stacks", {"Stacks": [failed]})

    with pytest.raises(CommandError, match="the stack is ROLLBACK_COMPLETE and has no ARN"):
        read_endpoint(session, plan)


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
        read_endpoint(session, plan)

    assert raised.value.exit_code is exit_code
    assert "canary-text" not in str(raised.value)


@pytest.mark.parametrize(
    ("resource", "wrong"),
    [("acme-firehose", True), ("acme-firehose:production", False)],
)
def test_who_may_invoke_the_function_past_its_alias_is_told(
    plan: RegionPlan, resource: str, wrong: bool
) -> None:
    session = session_with([{"AWS": account} for account in PLANNED])
    past = statement({"AWS": "999988887777"}) | {
        "Sid": "by-hand",
        "Resource": f"arn:aws:lambda:eu-central-1:111122223333:function:{resource}",
    }
    session.stub("lambda").add_response(
        "get_policy",
        {"Policy": json.dumps({"Statement": [past]})},
        {"FunctionName": "acme-firehose"},
    )

    found = read_differences(session, plan)

    told = (
        "eu-central-1: 999988887777 may invoke the function past its alias"
        "\nNext: aws lambda remove-permission --function-name acme-firehose"
        " --region eu-central-1 --statement-id by-hand"
    )
    assert found == ([told] if wrong else [])


def test_function_without_a_policy_of_its_own_is_as_it_should_be(plan: RegionPlan) -> None:
    session = session_with([{"AWS": account} for account in PLANNED])
    session.stub("lambda").add_client_error("get_policy", "ResourceNotFoundException")

    assert read_differences(session, plan) == []
