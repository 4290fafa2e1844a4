"""The templates against CloudFormation's own schemas, which differ by region."""

from __future__ import annotations

import subprocess

from plan.mparticle import PODS
from tests.stacks.variants import VARIANTS, Variants

# W3005: CDK adds a DependsOn that a GetAtt implies already.
IGNORED = ("W3005",)


def test_every_template_is_clean_in_every_region(variants: Variants) -> None:
    regions = sorted({pod.region for pod in PODS.values()})
    files = [variants.template_file(*form) for form in variants.forms()]
    result = subprocess.run(
        ["cfn-lint", "--ignore-checks", *IGNORED, "--regions", *regions, "--", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(regions) == 3
    assert len(files) > len(VARIANTS)
    assert result.returncode == 0, result.stdout
