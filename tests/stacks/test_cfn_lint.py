"""The templates against CloudFormation's own schemas, region by region."""

from __future__ import annotations

import subprocess

from tests.stacks.variants import Variants

# W3005: CDK adds a DependsOn that a GetAtt implies already.
IGNORED = ("W3005",)


def test_every_template_is_clean_in_every_region(variants: Variants) -> None:
    files = variants.template_files()
    result = subprocess.run(
        ["cfn-lint", "--ignore-checks", *IGNORED, "--", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(files) == len(variants.plans)
    assert result.returncode == 0, result.stdout
