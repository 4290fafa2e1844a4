"""What Lambda holds of a function, and how it describes a version."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from math import ceil
from typing import Any

ACCOUNT = "111122223333"
MADE = "2026-01-01T00:00:00.000+0000"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What makes one version differ from another: its code and its settings."""

    code: str
    memory_mb: int = 1024
    setting: int = 0
    description: str = ""
    handler: str = "endpoint.direct.handler"
    environment: tuple[tuple[str, str], ...] = ()
    logging: tuple[tuple[str, str], ...] = (("LogFormat", "JSON"), ("SystemLogLevel", "WARN"))


@dataclass(slots=True)
class AliasState:
    """Where an alias points; AWS gives each state another revision id."""

    version: str
    weights: dict[str, float] = field(default_factory=dict)
    revision: int = 1

    def move(self, version: str | None = None, weights: dict[str, float] | None = None) -> None:
        """Let it lead to a version, or where it did, with these weights of others."""
        self.version, self.weights = version or self.version, weights or {}
        self.revision += 1


@dataclass(slots=True)
class FunctionState:
    """A function: `$LATEST`, its published versions by number, its aliases, who may invoke."""

    latest: Configuration
    versions: dict[int, Configuration] = field(default_factory=dict)
    newest: int = 0
    aliases: dict[str, AliasState] = field(default_factory=dict)
    grants: dict[str, list[str]] = field(default_factory=dict)
    reserved: int | None = None
    provisioned: int = 0

    def publish(self) -> int:
        """Publish `$LATEST`, or give the newest version if it is the same.

        "Lambda doesn't publish a version if the function's configuration and code haven't changed
        since the last version": docs.aws.amazon.com/lambda/latest/api/API_PublishVersion.html.
        """
        if self.versions.get(self.newest) == self.latest:
            return self.newest
        self.newest += 1
        self.versions[self.newest] = self.latest
        return self.newest

    def point(self, alias: str, version: int) -> None:
        """Move an alias, or make it."""
        if alias in self.aliases:
            self.aliases[alias].move(str(version))
        else:
            self.aliases[alias] = AliasState(str(version))


def arn_of(region: str, function: str, qualifier: str | None = None) -> str:
    arn = f"arn:aws:lambda:{region}:{ACCOUNT}:function:{function}"
    return f"{arn}:{qualifier}" if qualifier else arn


def report(milliseconds: float) -> str:
    metrics = {
        "durationMs": milliseconds,
        "billedDurationMs": ceil(milliseconds),
        "maxMemoryUsedMB": 100,
    }
    report = {"type": "platform.report", "record": {"metrics": metrics}}
    return base64.b64encode(f"{json.dumps(report)}\n".encode()).decode()


def described(version: str, configuration: Configuration) -> dict[str, Any]:
    return {
        "Version": version,
        "CodeSha256": configuration.code,
        "MemorySize": configuration.memory_mb,
        "Environment": {"Variables": dict(configuration.environment)},
        "LastModified": MADE,
        "Description": configuration.description,
        "Handler": configuration.handler,
        "LoggingConfig": dict(configuration.logging),
    }
