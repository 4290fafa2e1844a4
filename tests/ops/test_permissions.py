"""What the operator's credentials need, as docs/permissions.md says, is what the commands call."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import botocore.session
from botocore import xform_name

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "permissions.md"
ROOMS = ("cloud", "ops", "probe")
PREFIXES = {"service-quotas": "servicequotas"}
"""IAM's name of a service, where it is not botocore's."""
ACTIONS = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "sqs:SendMessageBatch": "sqs:SendMessage",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
    "sqs:ChangeMessageVisibilityBatch": "sqs:ChangeMessageVisibility",
}
"""IAM's name of an operation, where it is not the API's."""


@cache
def services() -> frozenset[str]:
    return frozenset(botocore.session.get_session().get_available_services())


@cache
def operations(service: str) -> tuple[str, ...]:
    return tuple(botocore.session.get_session().get_service_model(service).operation_names)


def services_of(tree: ast.Module) -> set[str]:
    """Name the services that a module makes clients of, or takes clients of as arguments."""
    known = services()
    by_type = {f"{name.replace('-', '')}client": name for name in known}
    words = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    names = {node.id.lower() for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return {word for word in words if isinstance(word, str) and word in known} | {
        by_type[name] for name in names & set(by_type)
    }


def called_by(module: Path) -> Iterator[str]:
    """Yield the actions of every AWS operation whose method or paginator a module names."""
    tree = ast.parse(module.read_text("utf-8"))
    methods = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    methods |= {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "get_paginator"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }
    for service in services_of(tree):
        for operation in operations(service):
            if xform_name(operation) in methods:
                action = f"{PREFIXES.get(service, service)}:{operation}"
                yield ACTIONS.get(action, action)


def test_page_names_every_action_of_the_commands_and_no_other() -> None:
    page = PAGE.read_text("utf-8")
    table = page[page.index("## The operator's own credentials") :]
    documented = set(re.findall(r"`([a-z-]+:[A-Za-z]+)`", table))
    modules = (module for room in ROOMS for module in (ROOT / room).rglob("*.py"))
    called = {action for module in modules for action in called_by(module)}

    # what AWS asks of whoever reads through a key, deploys, or gives a function its role
    implied = {"kms:Decrypt", "kms:GenerateDataKey", "sts:AssumeRole", "iam:PassRole"}
    assert documented - implied == called
