"""The environment contract: what the stacks write and the entry points read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

INTEGRATION_VARIABLE = "FIREHOSE_INTEGRATION"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry point is told by its environment; `integration` is `module:Class`."""

    integration: str

    def to_environment(self) -> dict[str, str]:
        """Give the variables of the function."""
        return {INTEGRATION_VARIABLE: self.integration}

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the variables back. Raises `LookupError` naming the one that is missing."""
        try:
            return cls(integration=environment[INTEGRATION_VARIABLE])
        except KeyError as missing:
            raise LookupError(f"the function has no environment variable {missing}") from None
