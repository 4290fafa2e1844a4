"""Versions of a function with other memory, which no alias leads to; afterwards they are gone.

A version is published from `$LATEST`, so that is changed for some seconds and brought back before
the first call. The mark in the description tells a later run what a killed one left behind, and
keeps `firehose rollback` from such a version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from console.exit_codes import CommandError
from ops.live.functions import TUNED, LiveFunction
from plan.function import DIRECT_HANDLER

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_lambda import LambdaClient

_CHANGED = ("Description", "MemorySize", "Environment", "LoggingConfig", "Handler")
"""What `$LATEST` has differently while versions are published."""
_INLINE = ("FIREHOSE_QUEUED", "FIREHOSE_OVERFLOWING", "FIREHOSE_OVERFLOW_MS")
"""Left out of the variables, so that the integration's whole time is measured."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TunedVersion:
    """A version to be called by its ARN."""

    memory_mb: int
    number: int
    arn: str


class Tuning:
    """One function whose memory is tuned.

    What it is brought back to is the version that its stack made, which nothing here changes.
    """

    def __init__(self, session: Session, function: LiveFunction) -> None:
        self._client: LambdaClient = session.client("lambda")
        self._function = function
        self._name = function.name
        self._where = f"{session.region_name}: {function.name}"
        number = function.made_by_stack or function.current.number
        self._before = self._settings(str(number)) | self._description()

    @contextmanager
    def published(
        self, sizes: Sequence[int], variables: Mapping[str, str], *, is_stopped: Callable[[], bool]
    ) -> Iterator[list[TunedVersion]]:
        """Publish a version for each size for the length of a block; fewer once it is stopped.

        `variables` replace those of the function. Whatever happens, `$LATEST` is brought back and
        every version deleted. Raises `CommandError` when `$LATEST` is not what the stack made.
        """
        self.clean_up()
        self._refuse_what_others_changed()
        made: list[TunedVersion] = []
        try:
            try:
                for memory_mb in sizes:
                    if is_stopped():
                        break
                    made.append(self._publish(memory_mb, variables))
            finally:
                self._bring_back()
            yield made
        finally:
            self.clean_up()

    def clean_up(self) -> list[int]:
        """Bring `$LATEST` back if tuning changed it, and delete every version made for tuning."""
        if self._settings("$LATEST").get("Description", "").startswith(TUNED):
            self._bring_back()
        pages = self._client.get_paginator("list_versions_by_function")
        left = [
            found["Version"]
            for page in pages.paginate(FunctionName=self._name)
            for found in page["Versions"]
            if found["Version"].isdigit() and found.get("Description", "").startswith(TUNED)
        ]
        for number in left:
            self._client.delete_function(FunctionName=self._name, Qualifier=number)
        return [int(number) for number in left]

    def _publish(self, memory_mb: int, variables: Mapping[str, str]) -> TunedVersion:
        changes = {
            "Description": f"{TUNED}: {memory_mb} MB",
            "MemorySize": memory_mb,
            "Environment": {"Variables": self._variables(variables)},
            # reports with the billed time, which the function's own setting leaves out
            "LoggingConfig": {
                **self._before.get("LoggingConfig", {}),
                "LogFormat": "JSON",
                "SystemLogLevel": "INFO",
            },
            "Handler": self._handler(),
        }
        self._update(changes)
        published = self._client.publish_version(FunctionName=self._name)
        number = published["Version"]
        if published["MemorySize"] != memory_mb:
            raise CommandError(
                f"{self._where}: somebody else changes the function",
                next_step="wait until they have done, then run it again",
            )
        arn = f"{self._function.arn.rpartition(':')[0]}:{number}"
        # by its ARN: botocore's waiter knows no version of its own
        self._client.get_waiter("published_version_active").wait(FunctionName=arn)
        return TunedVersion(memory_mb=memory_mb, number=int(number), arn=arn)

    def _variables(self, variables: Mapping[str, str]) -> dict[str, str]:
        now: dict[str, str] = dict(self._before.get("Environment", {}).get("Variables", {}))
        return {name: it for name, it in now.items() if name not in _INLINE} | dict(variables)

    def _handler(self) -> str:
        """Call the HTTPS function as a function is called: without a token and a gateway."""
        return DIRECT_HANDLER if self._function.role == "https" else self._before["Handler"]

    def _description(self) -> dict[str, str]:
        """Give that of `$LATEST`, unless it is the mark that a killed run left there."""
        now = self._settings("$LATEST").get("Description", "")
        return {} if not now or now.startswith(TUNED) else {"Description": now}

    def _bring_back(self) -> None:
        before = {name: self._before.get(name, empty) for name, empty in _EMPTY.items()}
        self._update(before)
        if self._settings("$LATEST") != self._before:
            raise CommandError(
                f"{self._where}: $LATEST is not what it was before",
                next_step="firehose drift shows what differs; firehose deploy puts it right",
            )

    def _update(self, changes: Mapping[str, Any]) -> None:
        self._client.update_function_configuration(FunctionName=self._name, **changes)
        self._client.get_waiter("function_updated_v2").wait(FunctionName=self._name)

    def _settings(self, version: str) -> dict[str, Any]:
        found: Mapping[str, Any] = self._client.get_function_configuration(
            FunctionName=self._name, Qualifier=version
        )
        return {name: found[name] for name in _CHANGED if found.get(name)}

    def _refuse_what_others_changed(self) -> None:
        if self._settings("$LATEST") != self._before:
            raise CommandError(
                f"{self._where}: $LATEST is not what its stack made, so it could not be brought"
                " back",
                next_step="firehose drift shows what differs; firehose deploy puts it right",
            )


_EMPTY: Mapping[str, Any] = {
    "Description": "",
    "MemorySize": 128,
    "Environment": {"Variables": {}},
    "LoggingConfig": {"LogFormat": "Text"},
    "Handler": "",
}
"""What a function has where nothing is said: Lambda's own defaults."""
