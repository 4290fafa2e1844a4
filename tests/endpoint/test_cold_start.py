"""Nothing is collected while an entry point starts, and afterwards only what came later."""

from __future__ import annotations

import ast
import gc
import importlib
from pathlib import Path

import pytest

import endpoint

SOURCE = Path(str(endpoint.__file__)).parent


def test_collector_rests_from_the_beginning_of_a_start_to_its_end() -> None:
    cold_start = importlib.reload(importlib.import_module("endpoint.cold_start"))
    rested = not gc.isenabled()
    gc.unfreeze()  # what pytest's own start froze

    cold_start.end()

    assert rested
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0


@pytest.mark.parametrize("name", ["direct", "https", "worker"])
def test_entry_point_loads_all_it_needs_between_the_two(name: str) -> None:
    body = ast.parse((SOURCE / f"{name}.py").read_text("utf-8")).body
    loaded = [node.module for node in body if isinstance(node, ast.ImportFrom)]
    ours = [module for module in loaded if module and module.startswith("endpoint")]
    statements = [ast.unparse(node) for node in body]

    assert ours[0] == "endpoint", "cold_start, before all else of the package"
    assert statements[-2] == "cold_start.end()", "all is made; only the handler follows"
