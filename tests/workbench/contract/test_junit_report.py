"""JUnit XML as CI systems read it: held against Jenkins' own schema."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st

from probe.endpoint_check import Result, State
from workbench.contract.contract_checks import CHECKS, CheckOutcome
from workbench.contract.junit_report import junit_xml

SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit-10.xsd"))


def outcome(state: State, *, reason: str = "", transport: str = "lambda") -> CheckOutcome:
    return CheckOutcome(
        endpoint="us-east-1",
        transport=transport,
        check=CHECKS[0],
        result=Result(state=state, reason=reason, next_step="mend it"),
        milliseconds=1_234.5,
    )


def test_suites_count_what_their_cases_say() -> None:
    made = [
        outcome(State.PASSED),
        outcome(State.FAILED, reason="answered 500"),
        outcome(State.SKIPPED, reason="needs a service"),
        outcome(State.ADVICE, reason="another id"),
        outcome(State.PASSED, transport="https"),
    ]

    text = junit_xml(made)

    SCHEMA.validate(text.decode())
    first, second = ET.fromstring(text)  # noqa: S314 - our own
    assert (first.get("name"), second.get("name")) == ("us-east-1 lambda", "us-east-1 https")
    assert {name: first.get(name) for name in ("tests", "failures", "skipped", "errors")} == {
        "tests": "4",
        "failures": "1",
        "skipped": "1",
        "errors": "0",
    }
    failure = first.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "answered 500"
    assert CHECKS[0].demand in str(failure.text)
    assert "Next: mend it" in str(failure.text)
    assert first.findtext("testcase/system-out") == "advice: another id"


@pytest.mark.parametrize("outcomes", [[], [outcome(State.PASSED)]])
def test_any_number_of_outcomes_is_valid(outcomes: list[CheckOutcome]) -> None:
    SCHEMA.validate(junit_xml(outcomes).decode())


@given(reason=st.text(st.characters(), max_size=30), state=st.sampled_from(State))
def test_whatever_an_endpoint_answered_can_be_told(reason: str, state: State) -> None:
    text = junit_xml([outcome(state, reason=reason)])

    assert SCHEMA.is_valid(text.decode())
