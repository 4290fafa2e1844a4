"""How the worker's process ends when too many hooks never ended."""

from __future__ import annotations

import io
import json
import sys
from typing import NoReturn

import pytest

from endpoint.batch import end_process


def test_process_ends_with_an_error_after_its_line_was_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    at_the_end: list[bytes] = []

    def end(code: int) -> NoReturn:
        at_the_end.append(written.getvalue())
        raise SystemExit(code)

    with monkeypatch.context() as patch:
        patch.setattr("endpoint.batch.os._exit", end)
        patch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(written)))
        with pytest.raises(SystemExit, match="1"):
            end_process()

    (line,) = map(json.loads, at_the_end[0].splitlines())
    assert (line["outcome"], line["error"]) == ("failed", "LeftTooManyBehind")
