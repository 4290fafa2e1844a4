"""A call of AWS as the endpoint makes it, with credentials of nobody."""

from __future__ import annotations

from contextlib import closing
from typing import Any

from endpoint.aws import (
    AwsClient,
    JsonService,
)
from endpoint.sqs import SQS
from tests.aws.loopback import Aws

QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/queue"
MESSAGE: dict[str, Any] = {
    "QueueUrl": QUEUE,
    "MessageBody": '{"name":"ünïcode \U0001f600"}',
    "MessageGroupId": "1001",
    "MessageAttributes": {"attempt": {"DataType": "Number", "StringValue": "5"}},
    "DelaySeconds": 900,
}
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "canary-secret",
    "AWS_SESSION_TOKEN": "canary-token",
}
ENVIRONMENT = {"AWS_REGION": "us-east-1", **KEYS}


def client_of(service: JsonService, aws: Aws) -> AwsClient:
    return AwsClient(service, ENVIRONMENT | {"AWS_ENDPOINT_URL": aws.url})


def ask(aws: Aws) -> dict[str, Any]:
    with closing(client_of(SQS, aws)) as client:
        return client.call("SendMessage", MESSAGE)
