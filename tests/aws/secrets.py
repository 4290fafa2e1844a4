"""Secrets Manager: versions of secrets, and the labels that say which is the current one.

docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html#term_version.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.aws.service import Service, exception_class

FIRST_STORED = datetime(2026, 11, 2, 12, tzinfo=UTC)
"""When the first version of all is stored; each other one a day later."""


class FakeSecrets(Service):
    """The client of one region."""

    name = "secretsmanager"

    def __init__(self) -> None:
        super().__init__(checked=True)
        self.versions: list[dict[str, Any]] = []
        self.labels: dict[str, dict[str, int]] = {}
        self.described: dict[str, str] = {}

    def create_secret(self, *, Name: str, SecretString: str, Description: str) -> dict[str, Any]:
        if Name in self.labels:
            raise exception_class("ResourceExistsException")("ResourceExistsException")
        self.labels[Name] = {}
        self.described[Name] = Description
        return self.put_secret_value(SecretId=Name, SecretString=SecretString)

    def put_secret_value(self, *, SecretId: str, SecretString: str) -> dict[str, Any]:
        labels = self.labels[SecretId]
        if "AWSCURRENT" in labels:
            labels["AWSPREVIOUS"] = labels["AWSCURRENT"]
        labels["AWSCURRENT"] = len(self.versions)
        stored = FIRST_STORED + timedelta(days=len(self.versions))
        self.versions.append({"SecretString": SecretString, "CreatedDate": stored})
        return {"Name": SecretId}

    def get_secret_value(
        self, *, SecretId: str, VersionStage: str = "AWSCURRENT"
    ) -> dict[str, Any]:
        number = self.labels.get(SecretId, {}).get(VersionStage)
        if number is None:
            raise exception_class("ResourceNotFoundException")("ResourceNotFoundException")
        version = {"Name": SecretId, "VersionId": f"{number:032}", **self.versions[number]}
        return {key: value for key, value in version.items() if value != ""}

    def update_secret_version_stage(
        self, *, SecretId: str, VersionStage: str, RemoveFromVersionId: str
    ) -> dict[str, Any]:
        assert int(RemoveFromVersionId) == self.labels[SecretId].pop(VersionStage)
        return {}
