"""What CloudFormation holds of a stack, and what a template wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.aws.function_state import Configuration

AT_REST = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"})

CODE = Configuration("code")


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionTemplate:
    """One function of a template with its version and its alias.

    As in the CDK, the version's logical id is made from code and configuration, so that a change
    makes another version. `accounts` may invoke the alias.
    """

    configuration: Configuration = CODE
    accounts: tuple[str, ...] = ()
    reserved: int | None = None


Template = Mapping[str, FunctionTemplate]
"""By the function's name."""


class DeploymentFailedError(Exception):
    """The stack did not get where it should; its status says what became of it."""


@dataclass(slots=True)
class StackState:
    """A stack: its status, what it was last brought to, its versions by function."""

    status: str
    template: Template = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    is_protected: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
