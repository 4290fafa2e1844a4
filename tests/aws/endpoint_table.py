"""DynamoDB's conditional writes on one table, as the endpoint calls it."""

from __future__ import annotations

import threading
from typing import Any

from endpoint.aws import AwsError
from tests.aws.checked_client import CheckedClient


class Table:
    """The table's items by their id; `error` is the code that every call fails with."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self.error: str | None = None
        self.now = 1_000.0
        self._lock = threading.Lock()

    def client(self) -> CheckedClient:
        return CheckedClient("dynamodb", self._answer)

    def clock(self) -> float:
        return self.now

    def _answer(self, operation: str, content: dict[str, Any]) -> dict[str, Any]:
        if self.error:
            raise AwsError(self.error)
        with self._lock:
            answer: dict[str, Any] = getattr(self, f"_{operation}")(content)
            return answer

    def _PutItem(self, content: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        item = content["Item"]
        old = self.items.get(item["id"]["S"])
        if "ConditionExpression" in content and old:
            now = int(content["ExpressionAttributeValues"][":now"]["N"])
            if old["finished"]["BOOL"] or int(old["lapses"]["N"]) >= now:
                raise AwsError("ConditionalCheckFailedException")
        self.items[item["id"]["S"]] = item
        return {}

    def _GetItem(self, content: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        item = self.items.get(content["Key"]["id"]["S"])
        return {"Item": item} if item else {}

    def _DeleteItem(self, content: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        item = self.items.get(content["Key"]["id"]["S"])
        if item and item["finished"]["BOOL"]:
            raise AwsError("ConditionalCheckFailedException")
        self.items.pop(content["Key"]["id"]["S"], None)
        return {}
