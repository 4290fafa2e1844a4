"""The operations of SQS that the endpoint and the worker use, spelled as botocore spells them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from endpoint.aws import AwsClient, JsonService

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import (
        DeleteMessageBatchRequestTypeDef,
        DeleteMessageRequestTypeDef,
        SendMessageBatchRequestTypeDef,
        SendMessageRequestTypeDef,
    )
    from typing_extensions import Unpack

SQS = JsonService(
    id="SQS",
    endpoint="sqs",
    target="AmazonSQS",
    json_version="1.0",
    headers={"x-amzn-query-mode": "true"},  # errors keep the names that alarms and people know
)


class SqsClient(Protocol):
    """What a queue asks of SQS. Every operation raises `endpoint.aws.AwsError`."""

    def send_message(self, **content: Unpack[SendMessageRequestTypeDef]) -> object:
        """Store a message."""
        ...

    def delete_message(self, **content: Unpack[DeleteMessageRequestTypeDef]) -> object:
        """Take a received message out for good."""
        ...

    def send_message_batch(self, **content: Unpack[SendMessageBatchRequestTypeDef]) -> Any:
        """Store up to ten messages; says of each whether it did."""
        ...

    def delete_message_batch(self, **content: Unpack[DeleteMessageBatchRequestTypeDef]) -> Any:
        """Take up to ten received messages out for good; says of each whether it did."""
        ...


class Sqs:
    """SQS in the function's region; several threads may share it."""

    def __init__(self, client: AwsClient) -> None:
        self._client = client

    @classmethod
    def in_region_of(cls, environment: Mapping[str, str]) -> Sqs:
        """Connect to SQS as the process's environment says."""
        return cls(AwsClient(SQS, environment))

    def send_message(self, **content: Unpack[SendMessageRequestTypeDef]) -> None:
        """Store a message."""
        self._client.call("SendMessage", content)

    def delete_message(self, **content: Unpack[DeleteMessageRequestTypeDef]) -> None:
        """Take a received message out for good."""
        self._client.call("DeleteMessage", content)

    def send_message_batch(
        self, **content: Unpack[SendMessageBatchRequestTypeDef]
    ) -> dict[str, Any]:
        """Store up to ten messages; says of each whether it did."""
        return self._client.call("SendMessageBatch", content)

    def delete_message_batch(
        self, **content: Unpack[DeleteMessageBatchRequestTypeDef]
    ) -> dict[str, Any]:
        """Take up to ten received messages out for good; says of each whether it did."""
        return self._client.call("DeleteMessageBatch", content)
