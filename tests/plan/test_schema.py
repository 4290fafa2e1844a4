"""deployment.schema.json gives editors what the model knows."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import pytest

from plan.schema import schema_text

SCHEMA = Path(__file__).parents[2] / "deployment.schema.json"


def test_schema_file_is_current() -> None:
    assert SCHEMA.read_text(encoding="utf-8") == schema_text(), (
        "run `python -m plan.schema > deployment.schema.json`"
    )


def test_module_prints_the_schema(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.warns(RuntimeWarning, match="found in sys.modules"):
        runpy.run_module("plan.schema", run_name="__main__")

    assert capsys.readouterr().out == schema_text()


def test_schema_offers_editors_the_allowed_values() -> None:
    schema = json.loads(schema_text())
    function = schema["$defs"]["Function"]["properties"]

    assert schema["properties"]["pods"]["items"]["enum"] == ["US1", "US2", "EU1", "AU1"]
    assert function["memory_mb"]["minimum"] == 256
    assert function["architecture"]["enum"] == ["arm64", "x86_64"]
    assert schema["additionalProperties"] is False
