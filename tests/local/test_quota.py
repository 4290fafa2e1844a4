"""Quota requests followed until AWS has decided, and what traffic says to ask for."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest

import cloud.regions
from tests.aws.account_in_front import FakeAccount, fake_account
from tests.local.documented import records
from tests.local.small_stack import client, create
from tests.running import Firehose, Ran, Run

REGION = "eu-central-1"


@pytest.fixture
def account(bare_aws: dict[str, str]) -> Iterator[FakeAccount]:
    with fake_account(bare_aws["AWS_ENDPOINT_URL"]) as account:
        yield account


@pytest.fixture
def firehose(
    run: Run,
    bare_aws: dict[str, str],
    account: FakeAccount,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Firehose:
    """Run a command for one region; a minute between two looks is none."""
    for command in ("request", "status"):
        module = import_module(f"ops.commands.quota.{command}")
        monkeypatch.setattr(module, "PAUSE_SECONDS", 0.0)
    file = tmp_path / "deployment.toml"
    file.write_text('name = "busy"\npods = ["EU1"]\n')
    environment = {**bare_aws, **account.environment(), "FIREHOSE_DEPLOYMENT": str(file)}
    return lambda *arguments: run(*arguments, "--format", "json", environment=environment)


def test_request_is_followed_until_aws_has_granted_it(
    firehose: Firehose, account: FakeAccount
) -> None:
    firehose("quota", "request")
    account.statuses = ["PENDING", "CASE_OPENED", "CASE_OPENED", "CASE_CLOSED", "APPROVED"]

    result = firehose("quota", "status", "--wait")

    assert result.returncode == 0, result.stderr
    (row,) = records("quota status", result.stdout)
    assert row["status"] == "CASE_CLOSED"
    assert result.stderr.count(f"AWS has not decided in {REGION}") == 3
    assert result.stderr.splitlines()[-1] == "Next: firehose preflight"


def test_request_that_aws_refuses_ends_the_waiting_with_what_to_do(
    firehose: Firehose, account: FakeAccount
) -> None:
    account.statuses = ["PENDING", "DENIED"]

    result = firehose("quota", "request", "--wait")

    assert result.returncode == 1
    (row,) = records("quota request", result.stdout)
    assert (row["outcome"], row["status"], row["request"]) == ("asked", "DENIED", "request-1")
    assert "Next: reopen case" in result.stderr


def test_region_that_fails_while_it_is_waited_for_is_asked_again(
    firehose: Firehose, account: FakeAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    firehose("quota", "request")
    account.statuses = ["PENDING", "TooManyRequestsException", "APPROVED"]
    monkeypatch.setattr(cloud.regions, "ATTEMPTS", 1)

    result = firehose("quota", "status", "--wait")

    assert result.returncode == 0, result.stderr
    assert [row["status"] for row in records("quota status", result.stdout)] == ["APPROVED"]


def test_recommendation_is_the_highest_demand_of_the_days_and_half_more(
    firehose: Firehose, bare_aws: dict[str, str]
) -> None:
    create(bare_aws, "busy", REGION)
    cloudwatch = client(bare_aws, "cloudwatch", REGION)
    now = datetime.now(UTC)
    seen = [
        ("ConcurrentExecutions", 400.0, 1),
        ("ConcurrentExecutions", 1_600.0, 9),
        ("ConcurrentExecutions", 9_000.0, 20),  # before the days that count
        ("Throttles", 600.0, 9),  # in five minutes: 120 in one
    ]
    cloudwatch.put_metric_data(
        Namespace="AWS/Lambda",
        MetricData=[
            {
                "MetricName": metric,
                "Dimensions": [{"Name": "FunctionName", "Value": "busy-firehose"}],
                "Timestamp": now - timedelta(days=days),
                "Value": value,
            }
            for metric, value, days in seen
        ],
    )

    result = firehose("quota", "recommend")

    assert result.returncode == 0, result.stderr
    (row,) = records("quota recommend", result.stdout)
    assert (row["highest_concurrency"], row["highest_throttles"]) == (1_600, 120)
    assert row["recommended"] == (1_600 + 120) * 3 // 2 + 100


def test_quotas_of_the_embedded_aws_are_asked_for_granted_and_measured(
    run: Run, bare_aws: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "alone"\npods = ["AU1"]\n')
    environment = {**bare_aws, "FIREHOSE_DEPLOYMENT": str(file)}

    def firehose(*words: str) -> Ran:
        return run(*words, "--format", "json", environment=environment)

    before = records("preflight", firehose("preflight").stdout)
    asked = records("quota request", firehose("quota", "request").stdout)
    decided = records("quota status", firehose("quota", "status").stdout)
    after = records("preflight", firehose("preflight").stdout)

    def found(rows: list[dict[str, object]], check: str) -> list[object]:
        return [row["state"] for row in rows if row["check"] == check]

    assert (found(before, "concurrency"), found(before, "quota")) == (["failed"], ["attention"])
    assert [row["status"] for row in asked] == ["PENDING"]
    assert [row["status"] for row in decided] == ["APPROVED"]
    assert (found(after, "concurrency"), found(after, "quota")) == (["ok"], ["ok"])
