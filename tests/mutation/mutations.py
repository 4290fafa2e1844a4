"""Every small way to break a module on purpose: comparisons, results, calls, numbers, names.

Not touched: what no value depends on (annotations, decorators, a class's own keywords, docstrings,
asserts) and texts for people, which are strings with a space; a test that repeats them proves
nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div,
    ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}  # fmt: skip
_LEFT_ALONE = {"annotation", "returns", "decorator_list", "keywords of ClassDef", "type_params"}
_TYPES = {"cast", "TypeVar", "NewType"}
"""Calls whose arguments are types."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change: where, the line as it is written, what becomes of it, the module with it."""

    line: int
    last_line: int
    source: str
    change: str
    mutated: Callable[[], ast.Module]


def mutations(source: str) -> list[Mutation]:
    """Find all of a module; they share one tree, so that only one of them can be applied."""
    tree, lines = ast.parse(source), source.splitlines()
    return [
        Mutation(
            node.lineno,
            node.end_lineno,
            lines[node.lineno - 1].strip(),
            change,
            partial(_applied, apply, tree),
        )
        for node, change, apply in _within(tree)
    ]


def _applied(apply: Callable[[], None], tree: ast.Module) -> ast.Module:
    apply()
    return tree


def _within(parent: ast.AST) -> Iterator[tuple[Any, str, Callable[[], None]]]:
    for name, value in ast.iter_fields(parent):
        if name in _LEFT_ALONE or f"{name} of {type(parent).__name__}" in _LEFT_ALONE:
            continue
        for index, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST) or _is_left_alone(node):
                continue
            for change, new in _changes(node):
                yield node, change, _replacing(parent, name, index, new)
            yield from _swaps(node)
            yield from _within(node)


def _replacing(parent: ast.AST, name: str, index: int, new: ast.AST) -> Callable[[], None]:
    def apply() -> None:
        value = getattr(parent, name)
        old = value[index] if isinstance(value, list) else value
        ast.fix_missing_locations(ast.copy_location(new, old))
        if isinstance(value, list):
            value[index] = new
        else:
            setattr(parent, name, new)

    return apply


def _swaps(node: ast.AST) -> Iterator[tuple[Any, str, Callable[[], None]]]:
    """Give what can be done to an operator, which has no place of its own."""
    operators: list[Any] = (
        node.ops if isinstance(node, ast.Compare) else [getattr(node, "op", None)]
    )
    for index, operator in enumerate(operators):
        if new := _SWAPPED.get(type(operator)):
            change = f"{type(operator).__name__} -> {new.__name__}"
            field = "ops" if isinstance(node, ast.Compare) else "op"
            yield node, change, _replacing(node, field, index, new())


def _changes(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Give what a value or a condition can be replaced by, each with its name."""
    match node:
        case ast.Constant(value=bool(value)):
            yield f"{value} -> {not value}", ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield f"{value} -> {value + 1}", ast.Constant(value + 1)
        case ast.Constant(value=str(value)) if " " not in value:
            yield f"{value!r} -> {value + 'X'!r}", ast.Constant(value + "X")
        case ast.UnaryOp(op=ast.Not()):
            yield "not left out", node.operand
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            if isinstance(test, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr):
                yield "test turned round", _turned_round(node, test)
        case ast.stmt():
            yield from _changes_of_statement(node)


def _changes_of_statement(node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Return(value=ast.expr() as value) if ast.unparse(value) != "None":
            yield "returns None", ast.Return(ast.Constant(None))
        case (
            ast.Expr(value=ast.Call() | ast.Await())
            | ast.Raise()
            | ast.AugAssign()
            | ast.Assign(targets=[ast.Attribute() | ast.Subscript()])
        ):
            yield f"{type(node).__name__} left out", ast.Pass()
        case ast.Break() | ast.Continue():
            new = _SWAPPED[type(node)]
            yield f"{type(node).__name__} -> {new.__name__}", new()


def _turned_round(node: ast.If | ast.IfExp | ast.While, test: ast.expr) -> ast.AST:
    opposite = ast.UnaryOp(ast.Not(), test)
    return type(node)(**{**dict(ast.iter_fields(node)), "test": opposite})


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.JoinedStr() | ast.ImportFrom():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _TYPES
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("__")
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False
