"""Before a deployment and about quotas: the embedded AWS, with account limits of a test's own."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.aws.account_in_front import FakeAccount, fake_account
from tests.local.cloud import Cloud
from tests.local.documented import records
from tests.local.small_stack import (
    CODE,
    REGIONS,
    client,
    create,
    create_stack,
    function_resources,
)
from tests.running import Run

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"


@pytest.fixture
def aws(bare_aws: dict[str, str]) -> dict[str, str]:
    """Give the bare AWS as if it were the real one, bootstrapped in one of two regions."""
    client(bare_aws, "ssm", "us-east-1").put_parameter(
        Name=BOOTSTRAP, Value="33", Type="String", Overwrite=True
    )
    return {**bare_aws, "FIREHOSE_TARGET": "aws"}


@pytest.fixture
def account(aws: dict[str, str]) -> Iterator[FakeAccount]:
    with fake_account(aws["AWS_ENDPOINT_URL"]) as account:
        yield account


@pytest.fixture
def cloud(aws: dict[str, str], account: FakeAccount, tmp_path: Path, run: Run) -> Cloud:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "young"\npods = ["US1", "EU1"]\n')
    environment = {**aws, **account.environment(), "FIREHOSE_DEPLOYMENT": str(file)}
    return Cloud(environment=environment, assembly=tmp_path, run_here=run)


def limits(cloud: Cloud) -> dict[str, dict[str, object]]:
    file = cloud.assembly / "deployment.limits.toml"
    regions: dict[str, dict[str, object]] = tomllib.loads(file.read_text())["regions"]
    return regions


def test_fresh_account_fails_with_the_command_that_helps_and_its_limits_are_kept(
    cloud: Cloud,
) -> None:
    result = cloud.run("firehose", "preflight", "--format", "json")

    assert result.returncode == 1
    rows = {
        (str(row["region"]), str(row["check"])): row for row in records("preflight", result.stdout)
    }
    bootstrap = rows["eu-central-1", "bootstrap"]
    assert rows["us-east-1", "bootstrap"]["state"] == "ok"
    assert bootstrap["state"] == "failed"
    assert bootstrap["next"] == "cdk bootstrap aws://000000000000/eu-central-1"
    assert rows["us-east-1", "concurrency"] == {
        "region": "us-east-1",
        "check": "concurrency",
        "state": "failed",
        "found": "10 executions at once; mParticle's 1,000 need 1,100",
        "next": "firehose quota request --region us-east-1",
    }
    assert rows["us-east-1", "reservation"]["state"] == "attention"
    assert rows["us-east-1", "grant"]["found"] == "2 accounts, all confirmed"
    assert rows["eu-central-1", "grant"]["state"] == "attention"
    assert limits(cloud) == {
        region: {
            "measured_on": datetime.now(UTC).date(),
            "concurrent_executions": 10,
            "own_reserved": 0,
            "unreserved": 10,
        }
        for region in REGIONS
    }
    plan = cloud.run("firehose", "plan", "--format", "json")
    assert [row["reserved"] for row in json.loads(plan.stdout)] == [None, None]


def test_raised_limit_is_measured_again_and_the_same_one_changes_no_file(
    cloud: Cloud, account: FakeAccount
) -> None:
    cloud.run("firehose", "preflight")
    account.concurrency = {"us-east-1": 5_000}

    raised = cloud.run("firehose", "preflight", "--region", "us-east-1", "--format", "json")
    again = cloud.run("firehose", "preflight", "--region", "us-east-1")

    assert raised.returncode == 0, raised.stderr
    assert {row["state"] for row in records("preflight", raised.stdout)} == {"ok"}
    assert limits(cloud)["us-east-1"]["concurrent_executions"] == 5_000
    assert limits(cloud)["eu-central-1"]["concurrent_executions"] == 10
    assert again.stderr.splitlines()[0] == "Limits are unchanged."
    assert "✓" in again.stdout


def test_dry_run_keeps_no_limits(cloud: Cloud) -> None:
    cloud.run("firehose", "preflight", "--dry-run")

    assert not (cloud.assembly / "deployment.limits.toml").exists()


def test_name_that_another_function_has_stops_a_deployment_and_ours_does_not(
    cloud: Cloud, aws: dict[str, str]
) -> None:
    file = cloud.assembly / "deployment.toml"
    file.write_text('name = "taken"\npods = ["US1"]\n')
    stack = {"Resources": function_resources("", "taken-firehose", CODE % 1, memory_mb=1024)}
    create_stack(aws, "taken", "us-east-1", stack)
    client(aws, "lambda", "us-east-1").create_function(
        FunctionName="taken-firehose-worker",
        Runtime="python3.14",
        Role="arn:aws:iam::000000000000:role/any",
        Handler="index.handler",
        Code={"ZipFile": b"PK\x05\x06" + bytes(18)},
    )

    result = cloud.run("firehose", "preflight", "--region", "us-east-1", "--format", "json")

    names = [row for row in records("preflight", result.stdout) if row["check"] == "name"]
    assert [row["found"] for row in names] == [
        "taken-firehose is ours",
        "a function taken-firehose-worker exists outside taken-firehose-us-east-1",
    ]
    assert [row["state"] for row in names] == ["ok", "failed"]


def test_credentials_of_another_account_are_told(cloud: Cloud) -> None:
    file = cloud.assembly / "deployment.toml"
    file.write_text('name = "young"\npods = ["EU1"]\naccount = "111122223333"\n')

    result = cloud.run("firehose", "preflight")

    assert result.returncode == 1
    assert "✗ eu-central-1: account: 000000000000, planned 111122223333" in result.stderr
    assert "Next: use credentials of account 111122223333 (AWS_PROFILE)" in result.stderr


def test_quota_request_asks_where_it_is_needed_and_only_once(
    cloud: Cloud, account: FakeAccount
) -> None:
    account.concurrency = {"us-east-1": 50_000}

    shown = cloud.run("firehose", "quota", "request", "--dry-run", "--format", "json")

    assert [row["outcome"] for row in records("quota request", shown.stdout)] == [
        "enough",
        "would ask",
    ]
    assert account.requests == []
    assert "Peak requests per second: 10000" in shown.stderr
    assert "Invocation type: Request-Response" in shown.stderr

    asked = cloud.run("firehose", "quota", "request", "--format", "json")
    again = cloud.run("firehose", "quota", "request", "--format", "json")

    assert [row["outcome"] for row in records("quota request", asked.stdout)] == [
        "enough",
        "asked",
    ]
    (made,) = account.requests
    assert (made["region"], made["DesiredValue"]) == ("eu-central-1", 2_700.0)
    assert records("quota request", again.stdout)[1]["outcome"] == "2700 is asked for already"
    ready = cloud.run("firehose", "preflight", "--region", "eu-central-1").stdout
    assert "2,700 asked for, PENDING" in ready


def test_quota_status_follows_a_request_and_tells_a_refusal(
    cloud: Cloud, account: FakeAccount
) -> None:
    cloud.run("firehose", "quota", "request", "--region", "eu-central-1")
    (made,) = account.requests
    made.update(Status="CASE_OPENED", CaseId="case-77")
    status = ("firehose", "quota", "status", "--region", "eu-central-1", "--format", "json")

    open_case = cloud.run(*status)
    made["Status"] = "DENIED"
    denied = cloud.run(*status)

    (row,) = records("quota status", open_case.stdout)
    assert (row["status"], row["case"]) == ("CASE_OPENED", "case-77")
    assert open_case.returncode == 0
    assert denied.returncode == 1
    assert "Next: reopen case case-77 with `firehose quota text`" in denied.stderr


def test_refusal_of_one_region_does_not_hide_the_other(cloud: Cloud, account: FakeAccount) -> None:
    account.concurrency = dict.fromkeys(REGIONS, 50_000)
    refused = ("ListRequestedServiceQuotaChangeHistoryByQuota", "eu-central-1")
    account.refuse = {refused: "TooManyRequestsException"}

    result = cloud.run("firehose", "quota", "request", "--dry-run", "--format", "json")

    assert result.returncode == 1
    assert [row["region"] for row in json.loads(result.stdout)] == ["us-east-1"]
    assert "Next: AWS asks for a pause" in result.stderr
    assert "canary-text" not in result.stderr


def test_text_for_the_support_case_has_the_values_of_the_plan(cloud: Cloud) -> None:
    result = cloud.run("firehose", "quota", "text", "--region", "eu-central-1")

    assert result.returncode == 0
    lines = result.stdout.splitlines()
    assert lines[0] == "Region: eu-central-1"
    assert "Limit: Concurrent executions (L-B99A9384), new value 2700" in lines
    assert "Average requests per second: 2000" in lines
    assert any(line.startswith("Use case: High volume function.") for line in lines)


def test_recommendation_without_traffic_is_mparticles_minimum(
    cloud: Cloud, aws: dict[str, str]
) -> None:
    create(aws, "quiet", "eu-central-1")
    file = cloud.assembly / "deployment.toml"
    file.write_text('name = "quiet"\npods = ["EU1"]\n')

    result = cloud.run("firehose", "quota", "recommend", "--format", "json")

    (row,) = records("quota recommend", result.stdout)
    assert row["recommended"] == 1_100
