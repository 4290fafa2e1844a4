"""How the worker's process ends when too many hooks never ended, and what a batch reports."""

from __future__ import annotations

import io
import json
import sys
from typing import NoReturn

import pytest

from endpoint.batch import end_process, report
from tests.endpoint.deliveries import counted, record
from tests.endpoint.played_batches import PlayedBatches, ProcessEnded, end


def test_process_ends_with_an_error_after_its_line_was_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    written = io.BytesIO()
    at_the_end: list[bytes] = []

    def end_now(code: int) -> NoReturn:
        at_the_end.append(written.getvalue())
        raise SystemExit(code)

    with monkeypatch.context() as patch:
        patch.setattr("endpoint.batch.os._exit", end_now)
        patch.setattr(sys, "stdout", io.TextIOWrapper(io.BufferedWriter(written)))
        with pytest.raises(SystemExit, match="1"):
            end_process()

    (line,) = map(json.loads, at_the_end[0].splitlines())
    assert (line["outcome"], line["error"]) == ("failed", "LeftTooManyBehind")


def test_process_ends_after_its_counts_were_written(capsys: pytest.CaptureFixture[str]) -> None:
    counts: list[int] = []

    def end_counted() -> NoReturn:
        counts.append(counted(capsys.readouterr().out)["retried"])
        end()

    played = PlayedBatches(*[1_000.0] * 21, parallel=21, end_process=end_counted)
    played.sqs.refused["SendMessage"] = "KmsDisabled"

    with pytest.raises(ProcessEnded):
        played.deliver_all([record(number) for number in range(21)], [record(99)])

    assert counts == [22]


def test_messages_that_come_again_are_reported_as_lambda_wants_it() -> None:
    assert report(["a", "b"]) == {
        "batchItemFailures": [{"itemIdentifier": "a"}, {"itemIdentifier": "b"}]
    }
