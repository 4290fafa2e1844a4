"""Who may invoke what mParticle calls, as Lambda's policies say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from plan.names import ALIAS

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One statement of a policy: the account it lets in, and its id."""

    account: str
    statement: str


def grants_of_alias(session: Session, function: str) -> tuple[Grant, ...]:
    """List who may invoke through the alias."""
    return tuple(_grant(statement) for statement in _statements(session, function, ALIAS))


def grants_past_alias(session: Session, function: str) -> tuple[Grant, ...]:
    """List who may invoke the function itself: nobody should."""
    return tuple(
        _grant(statement)
        for statement in _statements(session, function, None)
        # the embedded AWS lists those of the alias here as well
        if statement.get("Resource", "").endswith(f":function:{function}")
    )


def _statements(session: Session, function: str, qualifier: str | None) -> list[dict[str, Any]]:
    lambda_ = session.client("lambda")
    try:
        answer = (
            lambda_.get_policy(FunctionName=function, Qualifier=qualifier)
            if qualifier
            else lambda_.get_policy(FunctionName=function)
        )
    except lambda_.exceptions.ResourceNotFoundException:
        return []  # without a policy there is none to read: nobody may invoke
    statements: list[dict[str, Any]] = json.loads(answer["Policy"])["Statement"]
    return statements


def _grant(statement: dict[str, Any]) -> Grant:
    """Read a statement; AWS turns an account's number into the ARN of its root."""
    principal = statement["Principal"]
    name = principal["AWS"] if isinstance(principal, dict) and "AWS" in principal else principal
    is_arn = isinstance(name, str) and name.startswith("arn:")
    return Grant(
        account=name.split(":")[4] if is_arn else str(name), statement=statement.get("Sid", "")
    )
