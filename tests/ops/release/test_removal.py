"""What outlives a stack is deleted by name, by us or by whoever stopped waiting."""

from __future__ import annotations

import pytest

from cloud.stack import DeployedStack
from ops.release.removal import Retained, lost_with
from plan.region_plan import RegionPlan


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


URL = {"EndpointUrl": "https://a1b2.execute-api.eu-central-1.amazonaws.com"}
TOKEN = {"TokenSecretArn": "arn:aws:secretsmanager:eu-central-1:1:secret:x"}


@pytest.mark.parametrize(
    ("outputs", "lost"),
    [
        ({"FunctionArn": "arn"}, []),
        (
            {**URL, **TOKEN},
            [
                f"{URL['EndpointUrl']}, of which mParticle would have to be given another",
                "mParticle's token, which would have to be stored again",
            ],
        ),
        (
            {
                "EndpointUrl": "https://firehose.acme.example",
                "EndpointDomainTarget": "d-1",
                **TOKEN,
            },
            [
                "what the DNS record of https://firehose.acme.example leads to",
                "mParticle's token, which would have to be stored again",
            ],
        ),
    ],
)
def test_what_another_deployment_would_not_bring_back_is_told(
    plan: RegionPlan, outputs: dict[str, str], lost: list[str]
) -> None:
    stack = DeployedStack(
        plan=plan, identifier="id", status="CREATE_COMPLETE", outputs=outputs, is_protected=False
    )

    assert lost_with(stack) == lost
