"""The queues in SQS. Only what queues imports this module."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict

from endpoint.aws import AwsError
from endpoint.failures import QueueError
from endpoint.sqs import Sqs, SqsClient

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef

ATTEMPT_ATTRIBUTE = "attempt"
BREAKDOWNS_ATTRIBUTE = "breakdowns"
REASON_ATTRIBUTE = "reason"
_LONGEST_REASON = 256


class QueueEntry(TypedDict):
    """What SQS is told of a message, alone or as one of many."""

    MessageBody: str
    MessageGroupId: str
    MessageAttributes: dict[str, MessageAttributeValueTypeDef]
    DelaySeconds: int


class MessageQueue:
    """One queue, by its URL. Every method raises `QueueError` when SQS fails it."""

    def __init__(self, client: SqsClient, url: str) -> None:
        self._client = client
        self._url = url

    def send(
        self,
        body: str,
        *,
        group: str,
        attempt: int = 0,
        breakdowns: int | None = None,
        delay_seconds: int = 0,
        reason: str | None = None,
    ) -> None:
        """Store a message. `group` is whom it must not hold up others for (SQS fair queues).

        `attempt` is how often it was tried already, `breakdowns` how often a worker broke down over
        it alone (none unless it is suspected of that), `reason` why it comes to a dead-letter
        queue.
        """
        attributes: dict[str, MessageAttributeValueTypeDef] = {}
        if attempt:
            attributes[ATTEMPT_ATTRIBUTE] = {"DataType": "Number", "StringValue": str(attempt)}
        if breakdowns is not None:
            text = str(breakdowns)
            attributes[BREAKDOWNS_ATTRIBUTE] = {"DataType": "Number", "StringValue": text}
        if reason:
            text = reason.encode("ascii", "backslashreplace").decode()[:_LONGEST_REASON]
            attributes[REASON_ATTRIBUTE] = {"DataType": "String", "StringValue": text}
        self._send(
            {
                "MessageBody": body,
                "MessageGroupId": group,
                "MessageAttributes": attributes,
                "DelaySeconds": delay_seconds,
            }
        )

    def delete(self, receipt: str) -> None:
        """Take a received message out for good."""
        try:
            self._client.delete_message(QueueUrl=self._url, ReceiptHandle=receipt)
        except AwsError as error:
            raise _refused("DeleteMessage", error) from None

    def _send(self, entry: QueueEntry) -> None:
        try:
            self._client.send_message(QueueUrl=self._url, **entry)
        except AwsError as error:
            raise _refused("SendMessage", error) from None


def queue_at(url: str, environment: Mapping[str, str]) -> MessageQueue:
    """Connect to one queue in the function's own region."""
    return MessageQueue(Sqs.in_region_of(environment), url)


def _refused(operation: str, error: AwsError) -> QueueError:
    return QueueError(f"{operation} failed: {error.code}")
