"""Whatever a text holds, a regular expression takes time in proportion to its length.

They are found in the packages, not listed here: each one and how it is used.
"""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from functools import partial
from types import ModuleType
from typing import Any, NamedTuple

import pytest

from tests.linear_time.adversaries import fillers
from tests.linear_time.growth import LARGEST, SIZES, check, is_linear
from tests.running import ROOT

pytestmark = pytest.mark.rehearsal  # it measures, for seconds

SOURCES = {"firehose": "lambda_src", "endpoint": "lambda_src", "partner_http": "lambda_src",
           "plan": "."}  # fmt: skip


class Use(NamedTuple):
    """A regular expression in the source, and a method that is called on it."""

    place: str
    pattern: re.Pattern[str]
    method: str


def uses(package: str) -> Iterator[Use]:
    folder = ROOT / SOURCES[package]
    for path in sorted((folder / package).rglob("*.py")):
        name = ".".join(path.relative_to(folder).with_suffix("").parts).removesuffix(".__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls: list[Any] = [node for node in ast.walk(tree) if is_call_of(node, "re")]
        if calls:
            module = importlib.import_module(name)
            for call in calls:
                yield from uses_of(call, tree, module, f"{name}:{call.lineno}")


def is_call_of(node: ast.AST, module: str) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == module
        and node.func.attr not in {"escape"}
    )


def uses_of(call: Any, tree: ast.Module, module: ModuleType, place: str) -> Iterator[Use]:
    given = call.args if call.func.attr == "compile" else call.args[:1]
    source = ", ".join(ast.unparse(argument) for argument in given)
    # The arguments of our own source, in its own namespace.
    pattern = eval(f"re.compile({source})", vars(module))  # noqa: S307
    if call.func.attr != "compile":
        yield Use(place, pattern, call.func.attr)
        return
    targets = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and node.value is call
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    methods = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and (node.value is call or (isinstance(node.value, ast.Name) and node.value.id in targets))
    }
    assert methods, f"{place}: nothing in its module uses it"
    for method in sorted(methods):
        yield Use(place, pattern, method)


USES = [use for package in SOURCES for use in uses(package)]


def test_the_regular_expressions_are_found() -> None:
    assert {use.place.partition(":")[0] for use in USES} >= {
        "firehose.numeric",
        "firehose.instant",
        "firehose.errors",
        "firehose.registration_checks.module",
        "plan.fields",
    }


@pytest.mark.parametrize("use", USES, ids=lambda use: f"{use.place}.{use.method}")
def test_a_regular_expression_takes_linear_time(use: Use) -> None:
    method = getattr(use.pattern, use.method)
    read = partial(method, "") if use.method.startswith("sub") else method
    texts = fillers(use.pattern)
    if texts:  # else nothing in it is repeated
        # Nobody but the partner writes what a plan is made of.
        check(read, texts, largest=SIZES[-1] if use.place.startswith("plan.") else LARGEST)


@pytest.mark.parametrize(
    ("pattern", "method", "size"),
    [
        (r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,9})?", "fullmatch", 2_000),
        (r"<a\s[^>]*href\s*=", "search", 4_000),
        (r"[^@\s]+@[^@\s]+\.[^@\s]+", "fullmatch", 4_000),
        (r"\s+$", "search", 4_000),
    ],
)
def test_a_quadratic_expression_is_found(pattern: str, method: str, size: int) -> None:
    compiled = re.compile(pattern)
    read = getattr(compiled, method)
    assert not all(is_linear(read, filler, size) for filler in fillers(compiled))
