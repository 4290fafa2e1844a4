"""The commands of every day on the embedded AWS, against stacks of a moment."""

from __future__ import annotations

import json
import time
from typing import cast

from plan.names import ALIAS
from tests.local.cloud import Cloud
from tests.local.documented import records
from tests.local.small_stack import REGIONS, Deploy, bury, client, publish


def alias_version(cloud: Cloud, name: str, region: str) -> str:
    lambda_ = client(cloud.environment, "lambda", region)
    alias = lambda_.get_alias(FunctionName=f"{name}-firehose", Name=ALIAS)
    return str(alias["FunctionVersion"])


def test_status_tells_different_code_dead_letters_and_ringing_alarms(deploy: Deploy) -> None:
    cloud = deploy("sick", *REGIONS)
    publish(cloud.environment, "sick", "eu-central-1", 2)
    bury(cloud, "sick", "us-east-1", "RejectedMessage")
    cloudwatch = client(cloud.environment, "cloudwatch", "us-east-1")
    (alarm,) = (
        found["AlarmName"]
        for found in cloudwatch.describe_alarms()["MetricAlarms"]
        if "sick" in found["AlarmName"]
    )
    cloudwatch.set_alarm_state(AlarmName=alarm, StateValue="ALARM", StateReason="test")

    result = cloud.run("firehose", "status", "--format", "json")

    assert result.returncode == 1
    rows = records("status", result.stdout)
    assert [row["version"] for row in rows] == ["1", "2/1"]
    assert "sick-firehose serves version 2; the last deployment made 1" in result.stderr
    assert "lambda: regions differ in code: " in result.stderr
    (rings,) = cast("list[str]", rows[0]["alarms"])
    assert f"us-east-1: {rings} rings since" in result.stderr
    assert len(rings) < len(alarm)
    assert "PAGE. Calls are throttled." in result.stderr
    assert "us-east-1: 1 messages could not be delivered" in result.stderr
    assert "Next: firehose redrive --region us-east-1 --dry-run" in result.stderr


def test_deployed_region_is_handed_over_while_the_other_is_missing(deploy: Deploy) -> None:
    cloud = deploy("alone", "eu-central-1")

    handed = cloud.run("firehose", "handoff", "--format", "json")

    assert handed.returncode == 4
    assert [record["pod"] for record in json.loads(handed.stdout)] == ["EU1"]
    assert "Next: cdk deploy alone-firehose-us-east-1" in handed.stderr


def test_rollback_shows_what_it_would_do_and_then_does_it(deploy: Deploy) -> None:
    cloud = deploy("back", *REGIONS)
    for region in REGIONS:
        publish(cloud.environment, "back", region, 2)

    shown = cloud.run("firehose", "rollback", "--dry-run", "--format", "json")

    assert shown.returncode == 0, shown.stderr
    assert "us-east-1: back-firehose would be moved from version 2 to 1, made " in shown.stderr
    assert {row["now"] for row in records("rollback", shown.stdout)} == {None}
    assert alias_version(cloud, "back", "us-east-1") == "2"

    done = cloud.run("firehose", "rollback", "--region", "us-east-1", "--format", "json")

    row, worker = records("rollback", done.stdout)
    assert (row["before"], row["target"], row["now"]) == (2, 1, 1)
    assert row["code_before"] != row["code_target"]
    assert alias_version(cloud, "back", "us-east-1") == "1"
    assert alias_version(cloud, "back", "eu-central-1") == "2"
    assert (worker["function"], worker["now"]) == ("back-firehose-worker", 1)
    assert "back-firehose-worker is at version 1 already" in done.stderr
    assert done.stderr.splitlines()[-1] == "Next: firehose verify"


def test_drift_names_what_was_changed_by_hand_without_its_value(deploy: Deploy) -> None:
    cloud = deploy("drift", "us-east-1")
    command = ("firehose", "drift", "--region", "us-east-1", "--format", "json")
    clean = cloud.run(*command)
    lambda_ = client(cloud.environment, "lambda", "us-east-1")
    lambda_.update_function_configuration(FunctionName="drift-firehose", MemorySize=512)

    changed = cloud.run(*command)

    assert (clean.returncode, records("drift", clean.stdout)) == (0, [])
    assert changed.returncode == 1
    (row,) = records("drift", changed.stdout)
    assert (row["resource"], row["status"]) == ("Function", "MODIFIED")
    assert row["properties"] == ["/MemorySize"]
    assert changed.stderr.splitlines()[-1].startswith("Next: undo it by hand")


def test_logs_of_every_region_are_errors_in_the_order_they_happened(deploy: Deploy) -> None:
    cloud = deploy("words", *REGIONS)
    now = int(time.time() * 1000)
    for age, region in enumerate(REGIONS):  # the second region logged first
        logs = client(cloud.environment, "logs", region)
        (group,) = (
            found["logGroupName"]
            for found in logs.describe_log_groups()["logGroups"]
            if "words" in found["logGroupName"]
        )
        logs.create_log_stream(logGroupName=group, logStreamName="one")
        lines = [
            {"level": "INFO", "outcome": "answered"},
            {"level": "ERROR", "outcome": "failed", "error": f"KeyError in {region}"},
        ]
        logs.put_log_events(
            logGroupName=group,
            logStreamName="one",
            logEvents=[
                {"timestamp": now - 1000 * age, "message": json.dumps(line)} for line in lines
            ],
        )

    result = cloud.run("firehose", "logs", "--since", "10m", "--format", "json")

    assert result.returncode == 0, result.stderr
    assert [(row["region"], row["error"]) for row in records("logs", result.stdout)] == [
        ("eu-central-1", "KeyError in eu-central-1"),
        ("us-east-1", "KeyError in us-east-1"),
    ]


def test_destroy_needs_the_name_and_refuses_to_lose_messages(deploy: Deploy) -> None:
    cloud = deploy("gone", "us-east-1")
    bury(cloud, "gone", "us-east-1", "RejectedMessage")
    destroy = ("firehose", "destroy", "--region", "us-east-1")

    losing = cloud.run(*destroy, "--confirm", "gone")
    unconfirmed = cloud.run(*destroy, "--lose-messages")
    shown = cloud.run(*destroy, "--dry-run", "--format", "json")

    assert losing.returncode == 1
    assert "add --lose-messages" in losing.stderr.splitlines()[-1]
    assert unconfirmed.returncode == 2
    assert unconfirmed.stderr.splitlines()[-1].endswith("pass --confirm gone")
    assert shown.returncode == 0
    (row,) = records("destroy", shown.stdout)
    assert (row["stack"], row["dead"]) == ("gone-firehose-us-east-1", 1)

    done = cloud.run(*destroy, "--lose-messages", "--confirm", "gone")

    assert done.returncode == 0, done.stderr
    assert "us-east-1: gone-firehose-us-east-1 is gone" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("Next: tell mParticle")
    assert cloud.run("firehose", "status", "--region", "us-east-1").returncode == 4
