"""Secrets Manager with one secret, the versions of which a test stores and rotates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from endpoint.aws import AwsError
from endpoint.tokens import Tokens
from tests.aws.checked_client import CheckedClient

SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:token-a1b2c3"


@dataclass
class Secret:
    """The secret's versions, the current one first, none for what is no text.

    `refused` is the error of every call.
    """

    versions: list[str | None] = field(default_factory=list)
    refused: str | None = None
    calls: int = 0
    now: float = 0.0

    def tokens(self) -> Tokens:
        """Make what the function keeps; its clock is `now`."""
        made = Tokens(CheckedClient("secretsmanager", self._answer), SECRET, clock=lambda: self.now)
        made.load()
        return made

    def store(self, value: str) -> None:
        """Store a new version, as `firehose token store` does."""
        self.versions.insert(0, value)

    def _answer(self, operation: str, content: dict[str, Any]) -> dict[str, Any]:
        assert (operation, content["SecretId"]) == ("GetSecretValue", SECRET)
        self.calls += 1
        if self.refused:
            raise AwsError(self.refused)
        version = ["AWSCURRENT", "AWSPREVIOUS"].index(content["VersionStage"])
        if version >= len(self.versions):
            raise AwsError("ResourceNotFoundException")
        text = self.versions[version]
        found = {"ARN": SECRET, "Name": "token"}
        return found if text is None else found | {"SecretString": text}
