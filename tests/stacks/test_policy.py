"""The policy packs: no finding is open, and every accepted finding is still found."""

from __future__ import annotations

import pytest
from aws_cdk import Acknowledgment, App
from cdk_nag import AwsSolutionsChecks, ServerlessChecks
from constructs import IConstruct

from stacks import nag
from tests.stacks.variants import VARIANTS, Variants

Finding = tuple[str, str]
"""Path of a construct, and the id of a rule that it breaks."""


def findings(app: App) -> set[Finding]:
    reports = [pack(app).validate_scope(app) for pack in (AwsSolutionsChecks, ServerlessChecks)]
    return {
        (f"{resource.construct_path}".removesuffix("/Resource"), violation.rule_name)
        for report in reports
        for violation in report.violations
        for resource in violation.violating_resources
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_no_variant_has_an_open_finding(variants: Variants, variant: str) -> None:
    assert findings(variants.app(variant)) == set()


def test_every_accepted_finding_is_found_without_its_acceptance(
    monkeypatch: pytest.MonkeyPatch, variants: Variants
) -> None:
    accepted: set[Finding] = set()

    class Recorder:
        """Stands where findings are accepted, so that every finding stays open."""

        def __init__(self, construct: IConstruct) -> None:
            self._path = construct.node.path

        @classmethod
        def of(cls, construct: IConstruct) -> Recorder:
            return cls(construct)

        def acknowledge(self, acknowledgement: Acknowledgment) -> None:
            assert len(acknowledgement.reason) > 30, "a real reason"
            accepted.add((self._path, acknowledgement.id))

    monkeypatch.setattr(nag, "Validations", Recorder)

    assert findings(variants.unsynthesized()) == accepted
    assert accepted
