"""Every small way to break a module on purpose: comparisons, results, calls, numbers, names.

Left alone is what no value depends on (annotations, decorators, a class's own keywords, docstrings,
asserts), how Typer shows a command (what its options and its help say), and texts for people, which
are strings with a space: a test that repeats them proves nothing. Which value an option has when it
is left out is no such thing, nor is the name of a command.
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import Any

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
_SWAPPED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div,
    ast.Div: ast.Mult, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.Break: ast.Continue,
    ast.Continue: ast.Break,
}  # fmt: skip
_FIELDS_LEFT_ALONE = {"annotation", "returns", "decorator_list", "type_params"}
_CALLS_LEFT_ALONE = {"cast", "TypeVar", "NewType", "typer.Typer", "typer.Argument", "typer.Option"}


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change of a module, and the line that has it."""

    module: Path
    line: int
    source: str
    change: str
    code: CodeType

    def __str__(self) -> str:
        return f"{self.module.name}:{self.line}: {self.change}\n    {self.source}"


def mutations(module: Path) -> Iterator[Mutation]:
    """Make all of a module, one after the other."""
    source = module.read_text("utf-8")
    tree, lines = ast.parse(source), source.splitlines()
    for fields, name, at in _places(tree, tree):
        node = fields[name]
        for change, new in _changes(node, name):
            fields[name] = ast.fix_missing_locations(ast.copy_location(new, at))
            yield Mutation(
                module=module,
                line=at.lineno,
                source=lines[at.lineno - 1].strip(),
                change=change,
                code=compile(tree, str(module), "exec", dont_inherit=True),
            )
        fields[name] = node


def equivalent() -> list[dict[str, str]]:
    """Read the mutations that change nothing that can be seen, each with its reason."""
    return list(tomllib.loads(EQUIVALENT.read_text("utf-8")).get("equivalent", []))


def _places(parent: ast.AST, at: Any) -> Iterator[tuple[Any, Any, Any]]:
    """Give where each node is: in what, behind which key, and the nearest node that has a line."""
    for name, value in list(ast.iter_fields(parent)):
        if name in _FIELDS_LEFT_ALONE or (isinstance(parent, ast.ClassDef) and name == "keywords"):
            continue
        fields: Any = value if isinstance(value, list) else vars(parent)
        for key in range(len(value)) if fields is value else (name,):
            node = fields[key]
            if isinstance(node, ast.AST) and not _is_left_alone(node):
                here = node if hasattr(node, "lineno") else at
                yield fields, key, here
                yield from _places(node, here)


def _changes(node: ast.AST, name: object) -> Iterator[tuple[str, ast.AST]]:
    """Give what a node can be replaced by, each with what that changes."""
    if swapped := _SWAPPED.get(type(node)):
        yield f"{type(node).__name__} -> {swapped.__name__}", swapped()
    match node:
        case ast.Constant(value=value):
            yield from ((f"{value!r} -> {it!r}", ast.Constant(it)) for it in _others(value))
        case ast.UnaryOp(op=ast.Not()):
            yield "not left out", node.operand
        case ast.Name() | ast.Attribute() | ast.Call() | ast.NamedExpr() if name == "test":
            yield "test turned round", ast.UnaryOp(ast.Not(), node)
        case ast.Return(value=ast.expr() as result) if ast.unparse(result) != "None":
            yield "returns None", ast.Return(ast.Constant(None))
        case (
            ast.Expr(value=ast.Call() | ast.Await())
            | ast.Raise()
            | ast.AugAssign()
            | ast.Assign(targets=[ast.Attribute() | ast.Subscript()])
        ):
            yield f"{type(node).__name__} left out", ast.Pass()


def _others(value: object) -> list[bool | float | str]:
    match value:
        case bool():
            return [not value]
        case int() | float():
            return [value + 1]
        case str() if " " not in value:
            return [f"{value}X"]
    return []


def _is_left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=ast.Constant()) | ast.Assert() | ast.JoinedStr() | ast.ImportFrom():
            return True
        case ast.Call(func=function):
            return ast.unparse(function) in _CALLS_LEFT_ALONE
        case ast.Subscript(value=ast.Name(id=name)):
            return name == "Literal"
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("__")
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
    return False
