"""Which queued messages were delivered already, for an API that cannot tell repetitions.

SQS delivers at least once, and an answer of the API can be lost after its effect; a table in
DynamoDB remembers what was delivered. A claim keeps two workers from the same message. A claim
whose worker died lapses, so that nothing is lost: docs/adr/0063.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Literal, Protocol, TypeAlias

from endpoint.aws import AwsClient, AwsError, JsonService

DYNAMODB = JsonService(
    id="DynamoDB", endpoint="dynamodb", target="DynamoDB_20120810", json_version="1.0"
)
REMEMBERED_SECONDS = 30 * 86_400
"""Longer than a message can be in the queue and then among the dead letters, 14 days each."""

Claim: TypeAlias = Literal["ours", "delivered", "at work"]

_IS_OURS = "claimed_by = :us"
_IS_FREE = f"attribute_not_exists(id) OR {_IS_OURS} OR (finished = :no AND lapses < :now)"
_REFUSED = "ConditionalCheckFailedException"


class TableClient(Protocol):
    """What is asked of DynamoDB; raises `endpoint.aws.AwsError`."""

    def call(self, operation: str, content: Mapping[str, object]) -> dict[str, Any]:
        """Do one operation, such as PutItem, in the JSON of DynamoDB's API."""
        ...


class DeliveredMessages:
    """The messages that were delivered, by their ids; several threads may share it.

    A claim lapses after `claim_seconds`, which is as long as a worker can be at one message. A
    table that cannot be asked stops no delivery: then a message may arrive twice, as without it.
    """

    def __init__(
        self,
        client: TableClient,
        table: str,
        *,
        claim_seconds: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._table = table
        self.claim_seconds = claim_seconds
        self._clock = clock

    @classmethod
    def in_region_of(
        cls, environment: Mapping[str, str], table: str, *, claim_seconds: float
    ) -> DeliveredMessages:
        """Connect to DynamoDB as the process's environment says."""
        return cls(AwsClient(DYNAMODB, environment), table, claim_seconds=claim_seconds)

    def claim(self, key: str, *, by: str) -> Claim:
        """Take a message for delivery, unless it was delivered or somebody else is at it.

        `by` is unlike that of any other try, and asking twice does no harm.
        """
        now = self._clock()
        try:
            self._client.call(
                "PutItem",
                {
                    "TableName": self._table,
                    "Item": self._item(key, finished=False) | {"claimed_by": {"S": by}},
                    "ConditionExpression": _IS_FREE,
                    "ExpressionAttributeValues": {
                        ":no": {"BOOL": False},
                        ":now": _number(now),
                        ":us": {"S": by},
                    },
                },
            )
        except AwsError as error:
            return self._told(key) if error.code == _REFUSED else "ours"
        return "ours"

    def delivered(self, key: str) -> None:
        """Remember that a message was delivered."""
        with suppress(AwsError):
            self._client.call(
                "PutItem", {"TableName": self._table, "Item": self._item(key, finished=True)}
            )

    def failed(self, key: str, *, by: str) -> None:
        """Give up the claim, so that the next try need not wait until it lapses.

        A try that took so long that its claim has gone to another leaves that one alone.
        """
        with suppress(AwsError):
            self._client.call(
                "DeleteItem",
                {
                    "TableName": self._table,
                    "Key": {"id": {"S": key}},
                    "ConditionExpression": _IS_OURS,
                    "ExpressionAttributeValues": {":us": {"S": by}},
                },
            )

    def _told(self, key: str) -> Claim:
        try:
            content = {"TableName": self._table, "Key": {"id": {"S": key}}, "ConsistentRead": True}
            item = self._client.call("GetItem", content).get("Item")
        except AwsError:
            return "at work"
        return "delivered" if item and item["finished"]["BOOL"] else "at work"

    def _item(self, key: str, *, finished: bool) -> dict[str, object]:
        now = self._clock()
        return {
            "id": {"S": key},
            "finished": {"BOOL": finished},
            "lapses": _number(now + self.claim_seconds),
            "expires": _number(now + REMEMBERED_SECONDS),
        }


def _number(seconds: float) -> dict[str, str]:
    return {"N": str(int(seconds))}
