"""The only way to accept a policy finding: beside the resource, by its exact id, with a reason."""

from __future__ import annotations

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def acknowledge(construct: IConstruct, *, finding: str, reason: str) -> None:
    """Accept one cdk-nag finding, such as `AwsSolutions-IAM5[Resource::*]`, on one construct."""
    Validations.of(construct).acknowledge(Acknowledgment(id=finding, reason=reason))
