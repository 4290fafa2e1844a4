"""What CloudFormation remembers of a stack: its events, a second apart."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

BEGAN = datetime.now(UTC) - timedelta(hours=1)
"""When the first thing happened in a region."""


@dataclass(slots=True)
class StackRecord:
    """The events of every stack of a region."""

    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def now(self) -> datetime:
        return BEGAN + timedelta(seconds=len(self.events))

    def note(self, stack: str, status: str, version: str | None = None) -> None:
        """Add an event of a stack, or of a version's creation, by its ARN."""
        identifier = f"id-of-{stack}"
        self.events.append(
            {
                "StackId": identifier,
                "StackName": stack,
                "EventId": str(len(self.events)),
                "ResourceType": "AWS::Lambda::Version" if version else "AWS::CloudFormation::Stack",
                "PhysicalResourceId": version or identifier,
                "ResourceStatus": status,
                "Timestamp": self.now,
            }
        )

    def newest_first(self) -> list[dict[str, Any]]:
        return self.events[::-1]
