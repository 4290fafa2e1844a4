"""Which changes of a module count as mutations, and that each of them is one that can be run."""

from __future__ import annotations

import ast

import pytest

from tests.mutation.mutations import mutations


@pytest.mark.parametrize(
    ("source", "changes"),
    [
        ("x = 1", ["1 -> 2"]),
        ("x = a < b <= c", ["Lt -> LtE", "LtE -> Lt"]),
        ("x = not a or b", ["Or -> And", "not left out"]),
        ("def f(a: int = 0) -> str:\n    return a", ["0 -> 1", "returns None"]),
        ("def f():\n    return None", []),
        ("if a:\n    f()", ["test turned round", "Expr left out"]),
        ("for a in b:\n    continue", ["Continue -> Break"]),
        ("self.a = b\na = b", ["Assign left out"]),
        ("raise ValueError('a text for people')", ["Raise left out"]),
        ("x = 'key'", ["'key' -> 'keyX'"]),
        ('"""Text."""\nassert a < 1\nfrom b import c', []),
        ("@frozen(True)\nclass A(B, frozen=True):\n    x: Literal['y']", []),
        ("x = cast('int', y)", []),
    ],
)
def test_mutations_of_a_module(source: str, changes: list[str]) -> None:
    assert [it.change for it in mutations(source)] == changes


def test_each_mutation_is_another_module_that_compiles() -> None:
    source = "def f(a, b=2):\n    if a and not b:\n        a += 1\n        g(a)\n    return a < 3\n"
    found = range(len(mutations(source)))
    mutated = [ast.unparse(mutations(source)[number].mutated()) for number in found]

    assert len(set(mutated)) == len(mutated) == 10
    assert ast.unparse(ast.parse(source)) not in mutated
    for module in mutated:
        compile(module, "module", "exec")
