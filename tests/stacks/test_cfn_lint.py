"""The templates against CloudFormation's own schemas, which differ by region."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from plan.mparticle import PODS
from tests.stacks.variants import Variants

# W3005: CDK adds a DependsOn that a GetAtt implies already.
IGNORED = ("W3005",)


def test_every_template_is_clean_in_every_region(variants: Variants) -> None:
    regions = sorted({pod.region for pod in PODS.values()})
    files = one_of_each_form(variants.template_files())
    result = subprocess.run(
        ["cfn-lint", "--ignore-checks", *IGNORED, "--regions", *regions, "--", *map(str, files)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert len(regions) == 3
    assert len(files) >= len(variants.plans) / len(regions)
    assert result.returncode == 0, result.stdout


def one_of_each_form(files: list[Path]) -> list[Path]:
    """Choose among a variant's templates those that differ in more than a region's own texts."""
    return [*{(variant_of(file), form(file)): file for file in files}.values()]


def variant_of(file: Path) -> str:
    return file.name.partition("-firehose-")[0]


def form(file: Path) -> str:
    resources: dict[str, Any] = json.loads(file.read_text())["Resources"]
    return json.dumps(
        sorted((it["Type"], json.dumps(shape(it.get("Properties")))) for it in resources.values())
    )


def shape(value: object) -> object:
    """Replace texts by what they are, and keep everything else."""
    if isinstance(value, dict):
        return {key: shape(value[key]) for key in sorted(value)}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return "text" if isinstance(value, str) else value
