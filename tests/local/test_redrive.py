"""Dead letters on the embedded AWS: counted by reason, moved back, and what a stop leaves."""

from __future__ import annotations

import json

from tests.local.documented import records
from tests.local.small_stack import CANARY, REGIONS, Deploy, bury, received


def test_reasons_are_counted_without_a_payload_and_all_moved_where_none_is_named(
    deploy: Deploy,
) -> None:
    cloud = deploy("count", *REGIONS)
    bury(cloud, "count", "us-east-1", "RejectedMessage", count=12)
    bury(cloud, "count", "us-east-1", None, count=2)

    result = cloud.run("firehose", "redrive", "--dry-run", "--format", "json")

    assert result.returncode == 0, result.stderr
    assert [
        (row["reason"], row["messages"]) for row in records("redrive --dry-run", result.stdout)
    ] == [
        ("RejectedMessage", 12),
        ("the worker broke down over it, or had no time for it", 2),
    ]
    assert "eu-central-1: no dead letters" in result.stderr
    assert CANARY not in result.stdout + result.stderr
    assert len(received(cloud, "count", "us-east-1", "DeadLetterQueueUrl")) == 10, "visible again"
    moved = cloud.run("firehose", "redrive", "--region", "us-east-1")
    assert moved.returncode == 0, moved.stderr
    assert "us-east-1: dead letters: 14 of 14" in moved.stderr


def test_redrive_moves_one_reason_whole_and_leaves_the_others(deploy: Deploy) -> None:
    cloud = deploy("move", *REGIONS)
    bury(cloud, "move", "us-east-1", "InvalidCredentials", count=3)
    bury(cloud, "move", "us-east-1", "RejectedMessage")

    result = cloud.run("firehose", "redrive", "--reason", "InvalidCredentials", "--format", "json")

    assert result.returncode == 0, result.stderr
    (row,) = records("redrive", result.stdout)
    assert "us-east-1: 1 have another reason and stay" in result.stderr
    assert (row["region"], row["reason"], row["moved"]) == ("us-east-1", "InvalidCredentials", 3)
    back = received(cloud, "move", "us-east-1", "QueueUrl")
    assert sorted(json.loads(message["Body"])["id"] for message in back) == [0, 1, 2]
    assert {message["Attributes"]["MessageGroupId"] for message in back} == {"1042"}
    assert all("MessageAttributes" not in message for message in back), "its tries start again"
    (left,) = received(cloud, "move", "us-east-1", "DeadLetterQueueUrl")
    assert left["MessageAttributes"]["reason"]["StringValue"] == "RejectedMessage"
    assert CANARY not in result.stdout + result.stderr
