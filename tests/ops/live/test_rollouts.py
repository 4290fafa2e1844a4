"""A rollback while CodeDeploy moves the alias: the rollout is stopped, and nobody fights it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from console.exit_codes import CommandError
from ops.commands.deploy import Progress, take_back
from ops.commands.rollback import Rollback, carry_out, decide
from ops.live import rollouts
from plan.region_plan import RegionPlan
from tests.aws.answers import StubbedSession

ARN = "arn:aws:lambda:eu-central-1:111122223333:function:acme-firehose"
WEIGHTS = {"AdditionalVersionWeights": {"8": 0.1}}


def resource(kind: str, physical: str) -> dict[str, Any]:
    return {
        "LogicalResourceId": physical,
        "PhysicalResourceId": physical,
        "ResourceType": kind,
        "LastUpdatedTimestamp": datetime(2026, 1, 1, tzinfo=UTC),
        "ResourceStatus": "CREATE_COMPLETE",
    }


def add_resources(session: StubbedSession, *, gradual: bool = True) -> None:
    found = [resource("AWS::Lambda::Alias", f"{ARN}:production")]
    if gradual:
        found.append(resource("AWS::CodeDeploy::Application", "app"))
    session.stub("cloudformation").add_response(
        "list_stack_resources", {"StackResourceSummaries": found}
    )


def add_alias(session: StubbedSession, *, shifting: bool) -> None:
    answer = {"FunctionVersion": "7", "RevisionId": "seen"}
    session.stub("lambda").add_response(
        "get_alias", {**answer, **({"RoutingConfig": WEIGHTS} if shifting else {})}
    )
    versions = [
        {"Version": number, "CodeSha256": number, "LastModified": "2026-01-01T00:00:00.000+0000"}
        for number in ("6", "7", "8")
    ]
    session.stub("lambda").add_response("list_versions_by_function", {"Versions": versions})


def add_rollouts(session: StubbedSession, *under_way: str) -> None:
    codedeploy = session.stub("codedeploy")
    codedeploy.add_response(
        "list_deployment_groups", {"deploymentGroups": ["group"]}, {"applicationName": "app"}
    )
    codedeploy.add_response(
        "list_deployments",
        {"deployments": list(under_way)},
        {
            "applicationName": "app",
            "deploymentGroupName": "group",
            "includeOnlyStatuses": ["Created", "Queued", "InProgress", "Baking", "Ready"],
        },
    )


def decided(session: StubbedSession, plan: RegionPlan, to: int | None = None) -> Rollback:
    add_resources(session)
    add_alias(session, shifting=True)
    add_rollouts(session, "d-1")
    return decide(session, plan, to)


def test_rollout_under_way_is_stopped_and_codedeploy_takes_the_alias_back(
    plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollouts, "_PAUSE_SECONDS", 0.0)
    session = StubbedSession()
    what = decided(session, plan)
    assert [(one.alias.shifting_to, one.to.number) for one in what.moves] == [(8, 7)]
    session.stub("codedeploy").add_response(
        "stop_deployment",
        {"status": "Pending"},
        {"deploymentId": "d-1", "autoRollbackEnabled": True},
    )
    add_alias(session, shifting=True)  # CodeDeploy needs a moment
    add_alias(session, shifting=False)
    session.stub("lambda").add_response("get_alias", {"FunctionVersion": "7"})

    # no UpdateAlias is queued: a move of ours would fail the test
    assert carry_out(session, plan, what) == {"acme-firehose": 7}
    session.stub("codedeploy").assert_no_pending_responses()


def test_rollout_that_ended_meanwhile_is_no_error(plan: RegionPlan) -> None:
    session = StubbedSession()
    what = decided(session, plan)
    session.stub("codedeploy").add_client_error(
        "stop_deployment", "DeploymentAlreadyCompletedException"
    )
    add_alias(session, shifting=False)
    session.stub("lambda").add_response("get_alias", {"FunctionVersion": "8"})

    assert carry_out(session, plan, what) == {"acme-firehose": 8}


def test_alias_that_never_comes_to_rest_is_told_with_the_rollout(
    plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rollouts, "_LONGEST_SECONDS", -1)
    session = StubbedSession()
    what = decided(session, plan)
    session.stub("codedeploy").add_response("stop_deployment", {"status": "Pending"})
    add_alias(session, shifting=True)

    with pytest.raises(CommandError, match="still shares its calls\nNext: see d-1"):
        carry_out(session, plan, what)


def test_chosen_version_is_refused_during_a_rollout(plan: RegionPlan) -> None:
    with pytest.raises(CommandError, match="CodeDeploy is moving the alias") as raised:
        decided(StubbedSession(), plan, to=6)

    assert "Next: firehose rollback --region eu-central-1 stops it" in str(raised.value)


def test_weights_that_no_rollout_owns_are_taken_away(plan: RegionPlan) -> None:
    session = StubbedSession()
    add_resources(session)
    add_alias(session, shifting=True)
    add_rollouts(session)
    session.stub("lambda").add_response(
        "update_alias",
        {},
        {
            "FunctionName": "acme-firehose",
            "Name": "production",
            "FunctionVersion": "7",
            "RoutingConfig": {"AdditionalVersionWeights": {}},
            "RevisionId": "seen",
        },
    )
    session.stub("lambda").add_response("get_alias", {"FunctionVersion": "7"})

    assert carry_out(session, plan, decide(session, plan, None)) == {"acme-firehose": 7}
    session.stub("lambda").assert_no_pending_responses()


def test_failed_deployment_leaves_an_alias_alone_that_somebody_elses_rollout_moves(
    plan: RegionPlan,
) -> None:
    session = StubbedSession()
    add_resources(session)
    add_rollouts(session, "d-2")

    with pytest.raises(CommandError, match="somebody's rollout is under way") as raised:
        take_back(session, plan, Progress(before={plan.region: {"acme-firehose": 6}}))

    assert "Next: firehose rollback --region eu-central-1" in str(raised.value)


def test_failed_deployment_takes_an_alias_back_with_all_its_calls(plan: RegionPlan) -> None:
    session = StubbedSession()
    add_resources(session, gradual=False)
    add_alias(session, shifting=False)
    session.stub("lambda").add_response(
        "update_alias",
        {},
        {
            "FunctionName": "acme-firehose",
            "Name": "production",
            "FunctionVersion": "6",
            "RoutingConfig": {"AdditionalVersionWeights": {}},
            "RevisionId": "seen",
        },
    )
    add_resources(session, gradual=False)
    add_alias(session, shifting=False)
    progress = Progress(before={plan.region: {"acme-firehose": 6}})

    take_back(session, plan, progress)

    assert progress.outcome == {plan.region: "taken back"}
    session.stub("lambda").assert_no_pending_responses()
