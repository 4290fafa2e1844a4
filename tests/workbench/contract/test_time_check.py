"""When answers are in time, and when that proves nothing."""

from __future__ import annotations

from dataclasses import replace

from probe.endpoint_check import State
from probe.time_check import TimeCheck
from tests.workbench.contract import pretender
from tests.workbench.contract.pretender import stage
from tests.workbench.contract.staging import INLINE, in_process, named, result


def test_answers_in_time_pass_with_the_numbers_that_prove_it() -> None:
    # how fast this machine is today is no subject of a test
    patient = replace(stage(pretender.right, "lambda"), has_times=True, limit_ms=60_000)

    found = result(named("answer_time"), patient)

    assert found.state is State.PASSED
    assert found.reason.startswith("100.00% of 299 answers within 60000 ms (at least 99.00%")


def test_late_answers_on_a_busy_machine_are_advice() -> None:
    busy = TimeCheck(rate=200.0, load=lambda: 5.0)
    impatient = replace(stage(pretender.right, "lambda"), has_times=True, limit_ms=0)

    found = result(busy, impatient)

    assert found.state is State.ADVICE
    assert "5.0 programs want each processor" in found.reason


def test_failed_answers_on_a_busy_machine_are_failures() -> None:
    busy = TimeCheck(rate=200.0, load=lambda: 5.0)

    with in_process("Broken", INLINE) as made:
        assert result(busy, made).state is State.FAILED
