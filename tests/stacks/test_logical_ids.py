"""Logical ids and physical names: CloudFormation replaces a resource whose id changes."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from tests.stacks.variants import VARIANTS, Variants

IDS = Path(__file__).with_name("logical_ids.txt")
NAMING = ("FunctionName", "Name", "DomainName")
"""The properties with which a resource of ours may choose its own physical name."""
NAMED = {"AWS::Lambda::Function", "AWS::Lambda::Alias", "AWS::ApiGatewayV2::DomainName"}


def test_logical_ids_and_physical_names_of_every_variant_are_frozen(variants: Variants) -> None:
    """Compare with the file; write it anew, with intent, from what this test shows."""
    assert table(variants).splitlines() == IDS.read_text(encoding="utf-8").splitlines()


def table(variants: Variants) -> str:
    """Write each resource once: its id, type and name, then the variants that have it."""
    owners: dict[str, list[str]] = defaultdict(list)
    for variant in VARIANTS:
        for logical_id, resource in variants.template(variant)["Resources"].items():
            kind = resource["Type"]
            properties = resource.get("Properties", {})
            names = [properties.get(key) for key in NAMING if kind in NAMED]
            name = next((name for name in names if isinstance(name, str)), "-")
            name = name.replace(f"{variant}-firehose", "NAME-firehose")
            stable_id = re.sub(r"(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}", r"\1<hash>", logical_id)
            owners[f"{stable_id} {kind} {name}"].append(variant)
    everywhere = list(VARIANTS)
    lines = [
        f"{row} {'all' if found == everywhere else ','.join(found)}"
        for row, found in sorted(owners.items())
    ]
    return "\n".join([*lines, ""])
