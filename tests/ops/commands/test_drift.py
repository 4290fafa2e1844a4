"""Drift as CloudFormation tells it: what a rollback leaves behind is named as that."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from console.exit_codes import CommandError, ExitCode
from ops.commands.drift import Change, changes
from ops.live.region import LiveRegion
from plan.region_plan import RegionPlan
from tests.aws.answers import StubbedSession
from tests.aws.session import FakeSession

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def found(resource: str, kind: str, *paths: str) -> dict[str, Any]:
    return {
        "StackId": "stack",
        "LogicalResourceId": resource,
        "ResourceType": kind,
        "StackResourceDriftStatus": "MODIFIED",
        "Timestamp": NOW,
        "PropertyDifferences": [
            {
                "PropertyPath": path,
                "ExpectedValue": "canary-1",
                "ActualValue": "canary-2",
                "DifferenceType": "NOT_EQUAL",
            }
            for path in paths
        ],
    }


def test_every_page_of_drift_is_read_once_the_comparison_is_done(plan: RegionPlan) -> None:
    session = StubbedSession()
    stub = session.stub("cloudformation")
    status = {"StackId": "stack", "StackDriftDetectionId": "one", "Timestamp": NOW}
    stack = {"StackName": "acme", "StackId": "stack", "StackStatus": "X", "CreationTime": 0}
    stub.add_response("describe_stacks", {"Stacks": [stack]})
    stub.add_response("detect_stack_drift", {"StackDriftDetectionId": "one"})
    stub.add_response(
        "describe_stack_drift_detection_status",
        status | {"DetectionStatus": "DETECTION_COMPLETE"},
    )
    request = {
        "StackName": "stack",
        "StackResourceDriftStatusFilters": ["MODIFIED", "DELETED"],
    }
    alias = found("Alias", "AWS::Lambda::Alias", "/FunctionVersion")
    function = found("Endpoint", "AWS::Lambda::Function", "/MemorySize", "/Timeout")
    stub.add_response(
        "describe_stack_resource_drifts",
        {"StackResourceDrifts": [alias], "NextToken": "more"},
        request,
    )
    stub.add_response(
        "describe_stack_resource_drifts",
        {"StackResourceDrifts": [function]},
        request | {"NextToken": "more"},
    )

    rolled_back, changed = changes(LiveRegion(session, plan))

    assert rolled_back.is_rollback
    assert not changed.is_rollback
    assert changed.properties == ("/MemorySize", "/Timeout")
    assert "canary" not in repr((rolled_back, changed))


def test_alias_with_more_than_its_version_changed_is_no_rollback() -> None:
    change = Change(
        region="eu-central-1",
        resource="Alias",
        kind="AWS::Lambda::Alias",
        status="MODIFIED",
        properties=("/FunctionVersion", "/RoutingConfig"),
    )

    assert not change.is_rollback


def test_drift_of_a_missing_stack_is_not_deployed(plan: RegionPlan) -> None:
    with pytest.raises(CommandError) as raised:
        changes(FakeSession(plan.region).live(plan))

    assert raised.value.exit_code is ExitCode.NOT_DEPLOYED
