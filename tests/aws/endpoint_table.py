"""DynamoDB's conditional writes on one table, as the endpoint calls it."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from typing import Any

from endpoint.aws import AwsError
from tests.aws.checked_client import CheckedClient

_MISSING = math.nan
"""Equal to nothing, and neither more nor less."""


class Table:
    """The table's items by their id; `errors` are the codes that operations fail with."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self._before: dict[str, dict[str, Any]] = {}
        self.errors: dict[str, str] = {}
        self.now = 1_000.0
        self._lock = threading.Lock()

    def client(self) -> CheckedClient:
        return CheckedClient("dynamodb", self._answer)

    def clock(self) -> float:
        return self.now

    def _answer(self, operation: str, content: dict[str, Any]) -> dict[str, Any]:
        if code := self.errors.get(operation):
            raise AwsError(code)
        with self._lock:
            answer: dict[str, Any] = getattr(self, f"_{operation}")(content)
            return answer

    def _PutItem(self, content: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        item = content["Item"]
        self._check(content, item["id"]["S"])
        self._before = {**self.items}
        self.items[item["id"]["S"]] = item
        return {}

    def _GetItem(self, content: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        # who does not ask for more is told what may be older than the last write
        items = self.items if content.get("ConsistentRead") else self._before
        item = items.get(content["Key"]["id"]["S"])
        return {"Item": item} if item else {}

    def _DeleteItem(self, content: dict[str, Any]) -> dict[str, Any]:  # noqa: N802 - AWS's name
        self._check(content, content["Key"]["id"]["S"])
        self._before = {**self.items}
        self.items.pop(content["Key"]["id"]["S"], None)
        return {}

    def _check(self, content: dict[str, Any], key: str) -> None:
        condition = content.get("ConditionExpression")
        values = content.get("ExpressionAttributeValues", {})
        if condition and not _holds(condition, self.items.get(key, {}), values):
            raise AwsError("ConditionalCheckFailedException")


def _holds(condition: str, item: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Evaluate DynamoDB's expression, which is nearly Python's; what is missing equals nothing."""
    names = {name: _plain(item.get(name)) for name in ("id", "finished", "lapses", "claimed_by")}
    names |= {f"_{name[1:]}": _plain(value) for name, value in values.items()}
    names["attribute_not_exists"] = lambda value: value is _MISSING
    python = condition.replace(" = ", " == ").replace(":", "_")
    return bool(eval(python.replace("OR", "or").replace("AND", "and"), {}, names))  # noqa: S307


def _plain(value: Mapping[str, Any] | None) -> Any:
    if value is None:
        return _MISSING
    ((kind, content),) = value.items()
    return int(content) if kind == "N" else content
