"""Which changes of a module count as mutations, and that each of them is one that can be run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutation.mutations import equivalent, mutations
from tests.running import ROOT


def written(folder: Path, source: str) -> Path:
    module = folder / "module.py"
    module.write_text(source)
    return module


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
        ("X = Literal['y', 'z']", []),
        ("A = Annotated[int | None, typer.Option(min=1, metavar='N')]", []),
        ("A = Annotated[int, Meta(ge=1)]", ["1 -> 2"]),
        ("def f(a: Annotated[bool, typer.Option('--a')] = False): ...", ["False -> True"]),
    ],
)
def test_mutations_of_a_module(tmp_path: Path, source: str, changes: list[str]) -> None:
    assert [it.change for it in mutations(written(tmp_path, source))] == changes


def test_each_mutation_is_another_module(tmp_path: Path) -> None:
    source = "def f(a, b=2):\n    if a and not b:\n        a += 1\n        g(a)\n    return a < 3\n"
    module = written(tmp_path, source)
    codes = {it.code for it in mutations(module)}

    assert len(codes) == len([*mutations(module)]) == 10
    assert compile(source, str(module), "exec") not in codes


def test_line_of_every_equivalent_mutation_is_still_there_and_has_a_reason() -> None:
    for it in equivalent():
        lines = map(str.strip, (ROOT / it["module"]).read_text("utf-8").splitlines())
        assert it["source"] in lines, it
        assert it["reason"], it
