"""What outlives a stack is deleted by name, by us or by whoever stopped waiting."""

from __future__ import annotations

from ops.release.removal import Retained


def test_commands_name_each_queue_and_key_with_its_region() -> None:
    retained = Retained(queues=["https://sqs/1/Queue", "https://sqs/1/Dead"], keys=["key-1"])

    assert retained.commands("eu-central-1") == [
        "aws sqs delete-queue --queue-url https://sqs/1/Queue --region eu-central-1",
        "aws sqs delete-queue --queue-url https://sqs/1/Dead --region eu-central-1",
        (
            "aws kms schedule-key-deletion --key-id key-1 --region eu-central-1"
            " --pending-window-in-days 7"
        ),
    ]
