"""Least privilege: every action of every role is in the table of the docs, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest

from tests.pages import ROOT, rows
from tests.stacks.variants import VARIANTS, Template, Variants, resources

PAGE = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")

Grant = tuple[str, str, str]
"""Who, which action, on what; as the table writes them."""


def as_written(value: Any) -> str:
    """Write a resource of a template by the names of its constructs."""
    if isinstance(value, dict):
        ((function, argument),) = value.items()
        if function == "Fn::Join":
            return "".join(as_written(part) for part in argument[1])
        name = argument[0] if isinstance(argument, list) else argument
        return re.sub(r"[0-9A-F]{8}$", "", name)
    return str(value)


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def granted(template: Template) -> Iterator[Grant]:
    """Yield what the policies of a template allow to roles."""
    for policy in resources(template, "AWS::IAM::Policy").values():
        roles = [as_written(role) for role in policy["Properties"]["Roles"]]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            for role in roles:
                for action in as_list(statement["Action"]):
                    for resource in as_list(statement["Resource"]):
                        yield role, action, as_written(resource)


def documented() -> set[Grant]:
    return {
        grant
        for who, on, may, _ in rows(PAGE, "| role | on | may |")
        for grant in product(names_in(who), names_in(may), names_in(on))
    }


def names_in(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


@pytest.mark.parametrize("variant", VARIANTS)
def test_roles_may_do_what_the_page_says_and_nothing_else(variants: Variants, variant: str) -> None:
    template = variants.template(variant)

    assert set(granted(template)) <= documented()
    for role in resources(template, "AWS::IAM::Role").values():
        assert set(role["Properties"]) == {"AssumeRolePolicyDocument"}, "no other way in"


def test_page_lists_nothing_that_no_role_may_do(variants: Variants) -> None:
    every = {grant for variant in VARIANTS for grant in granted(variants.template(variant))}

    assert documented() == every


def test_no_role_may_do_everything_or_on_everything() -> None:
    assert not [
        grant for grant in documented() if "*" in grant[1].replace("kms:GenerateDataKey*", "")
    ]
    assert not [grant for grant in documented() if grant[2] == "*"]
