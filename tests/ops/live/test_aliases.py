"""Which versions an alias may point to, and that nobody else's move is overwritten."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.exit_codes import CommandError, ExitCode
from ops.commands.rollback import decide
from ops.live.aliases import move, read_aliases
from plan.region_plan import RegionPlan
from tests.aws.answers import StubbedSession

ARN = "arn:aws:lambda:eu-central-1:111122223333:function:acme-firehose"


def session_with(*, current: str, versions: tuple[str, ...]) -> StubbedSession:
    session = StubbedSession()
    session.stub("cloudformation").add_response(
        "list_stack_resources",
        {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": "Alias",
                    "PhysicalResourceId": f"{ARN}:production",
                    "ResourceType": "AWS::Lambda::Alias",
                    "LastUpdatedTimestamp": datetime(2026, 1, 1, tzinfo=UTC),
                    "ResourceStatus": "CREATE_COMPLETE",
                }
            ]
        },
    )
    session.stub("lambda").add_response(
        "get_alias", {"FunctionVersion": current, "RevisionId": "seen"}
    )
    session.stub("lambda").add_response(
        "list_versions_by_function",
        {
            "Versions": [
                {
                    "Version": version,
                    "CodeSha256": f"{version}CMXGI1zKfM6SG4M5Fz",
                    "LastModified": "2026-01-01T00:00:00.000+0000",
                }
                for version in versions
            ]
        },
    )
    return session


def test_version_before_is_the_newest_older_one_whatever_order_aws_lists(
    plan: RegionPlan,
) -> None:
    session = session_with(current="12", versions=("$LATEST", "12", "9", "2", "13"))

    (alias,) = read_aliases(session, plan)
    (decided,) = decide(session_with(current="12", versions=("12", "9", "2")), plan, None).moves

    assert [version.number for version in alias.versions] == [2, 9, 12, 13]
    assert alias.current.code == "12CMXGI1zKfM"
    assert decided.to.number == 9


def test_alias_on_latest_is_refused_with_the_deploy_that_mends_it(plan: RegionPlan) -> None:
    session = session_with(current="$LATEST", versions=("$LATEST", "1"))

    with pytest.raises(CommandError, match=r"points to \$LATEST") as raised:
        read_aliases(session, plan)

    assert str(raised.value).endswith("Next: cdk deploy acme-firehose-eu-central-1")


def test_stack_without_an_alias_is_not_deployed(plan: RegionPlan) -> None:
    session = StubbedSession()
    session.stub("cloudformation").add_response(
        "list_stack_resources", {"StackResourceSummaries": []}
    )

    with pytest.raises(CommandError, match="has no alias production") as raised:
        read_aliases(session, plan)

    assert raised.value.exit_code is ExitCode.NOT_DEPLOYED


def test_alias_that_somebody_else_moved_stays_where_it_is(plan: RegionPlan) -> None:
    session = session_with(current="2", versions=("1", "2"))
    (alias,) = read_aliases(session, plan)
    session.stub("lambda").add_client_error(
        "update_alias",
        "PreconditionFailedException",
        expected_params={
            "FunctionName": "acme-firehose",
            "Name": "production",
            "FunctionVersion": "1",
            "RoutingConfig": {"AdditionalVersionWeights": {}},
            "RevisionId": "seen",
        },
    )

    with pytest.raises(CommandError, match="somebody else moved the alias meanwhile"):
        move(session, alias, 1)
