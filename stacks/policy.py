"""The policy packs that every template has to pass: AWS's advice and our own rules."""

from __future__ import annotations

from pathlib import Path

from aws_cdk import CloudFormationValidatePlugin, IPolicyValidationPlugin, ValidationRuleSource
from cdk_nag import AwsSolutionsChecks, ServerlessChecks
from constructs import Construct

GUARD_RULES = Path(__file__).with_name("mparticle.guard")


def packs(scope: Construct) -> list[IPolicyValidationPlugin]:
    """Give the packs for everything below a scope; they make a synthesis with a finding fail."""
    return [AwsSolutionsChecks(scope), ServerlessChecks(scope), own_rules()]


def own_rules() -> CloudFormationValidatePlugin:
    """Give our own rules and CDK's default ones, of which this plug-in takes the place."""
    source = ValidationRuleSource(
        name=GUARD_RULES.name, content=GUARD_RULES.read_text(encoding="utf-8")
    )
    return CloudFormationValidatePlugin(guard_rules=[source])
