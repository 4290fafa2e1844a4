"""The example in the docs does what the docs say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import firehose

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text()


def test_the_example_prints_what_the_page_shows(capsys: pytest.CaptureFixture[str]) -> None:
    [(code, output)] = re.findall(r"```python\n(.*?)```.*?```text\n(.*?)```", PAGE, re.DOTALL)
    exec(compile(code, "docs/protocol.md", "exec"), {"__name__": "example"})  # noqa: S102 - our own page
    assert capsys.readouterr().out == output


def test_every_public_name_on_the_page_exists() -> None:
    names = set(re.findall(r"`([A-Z][a-z]+[A-Z]\w+|[A-Z][a-z]+)[(`]", PAGE))
    assert names - {"Decimal", "None", "TypeError", "Infinity"} <= {*firehose.__all__}
