"""What the outcomes of all checks come to, told once."""

from __future__ import annotations

import pytest

from probe.endpoint_check import Result, State
from workbench.contract.contract_checks import CHECKS, CheckOutcome
from workbench.contract.verdict import ContractVerdict, causes

AN_ID = "f99b7c3e-8163-4e73-be75-e79ea1e01388"
ANOTHER_ID = "e787838d-5755-4972-ad2c-7e16db3b18e0"


def outcome(
    state: State, reason: str = "", *, number: int = 0, cause: str = "", endpoint: str = "eu"
) -> CheckOutcome:
    return CheckOutcome(
        endpoint=endpoint,
        transport="lambda",
        check=CHECKS[number],
        result=Result(state=state, reason=reason, next_step="mend it", cause=cause),
        milliseconds=1,
    )


def failure(reason: str, *, number: int = 0, cause: str = "", endpoint: str = "eu") -> CheckOutcome:
    return outcome(State.FAILED, reason, number=number, cause=cause, endpoint=endpoint)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (failure("answered 500"), failure("answered 500", number=1)),
        (failure("answered 500"), failure("answered 500", endpoint="us")),
        (
            failure(f"KeyError at a.py:5, while processing event_processing_request {AN_ID}"),
            failure(f"KeyError at a.py:5, while processing dsr_processing_request {ANOTHER_ID}"),
        ),
        (failure("answered 500"), failure("batch: answered 500", cause="answered 500")),
    ],
)
def test_one_cause_is_one_whichever_message_met_it(
    first: CheckOutcome, second: CheckOutcome
) -> None:
    (cause,) = causes([first, second], State.FAILED)

    assert cause.outcomes == [first, second]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (failure("KeyError at a.py:5"), failure("KeyError at a.py:6")),
        (failure("answered 500"), failure("answered 404")),
    ],
)
def test_failures_that_differ_are_two_causes(first: CheckOutcome, second: CheckOutcome) -> None:
    assert len(causes([first, second], State.FAILED)) == 2


def test_cause_names_its_checks_behind_each_endpoint() -> None:
    met = [
        failure("answered 500", number=number, endpoint=endpoint)
        for endpoint in ("eu", "us")
        for number in (0, 1)
    ]

    (cause,) = causes(met, State.FAILED)

    names = f"{CHECKS[0].name}, {CHECKS[1].name}"
    assert str(cause) == f"eu: lambda: {names}; us: lambda: {names}: answered 500\nNext: mend it"


@pytest.mark.parametrize(
    ("states", "allow_skips", "holds", "begins"),
    [
        ([State.PASSED], False, True, "The contract holds: 1 passed."),
        ([State.PASSED, State.ADVICE], False, True, "The contract holds: 1 passed, 1 advice."),
        ([State.NOT_DEMANDED], False, True, "The contract holds: 1 not demanded."),
        ([State.PASSED, State.SKIPPED], False, False, "Nobody knows whether the contract holds: 1"),
        ([State.PASSED, State.SKIPPED], True, True, "The contract holds as far as it was checked"),
        ([State.FAILED, State.SKIPPED], True, False, "The contract does not hold: 1 failed, 1"),
    ],
)
def test_contract_holds_if_nothing_failed_and_nothing_demanded_was_left_out(
    states: list[State], *, allow_skips: bool, holds: bool, begins: str
) -> None:
    outcomes = [outcome(state, number=number) for number, state in enumerate(states)]

    verdict = ContractVerdict(outcomes=outcomes, allow_skips=allow_skips)

    assert verdict.holds == holds
    assert str(verdict).startswith(begins)
