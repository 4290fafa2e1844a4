"""What is demanded of an endpoint, what is not, and what is only advice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest

from console.exit_codes import CommandError
from probe.check_requests import request_named
from probe.endpoint_answer import Body, EndpointAnswer
from probe.endpoint_check import State
from probe.message_checks import MESSAGE_CHECKS, QUICK_CHECKS
from probe.registered_types import REGISTRATION
from tests.workbench.contract import pretender
from tests.workbench.contract.pretender import stage
from tests.workbench.contract.staging import INLINE, in_process, named, result
from workbench.contract.contract_checks import CHECKS, run


def test_only_what_is_registered_is_demanded_and_sent() -> None:
    with in_process("EventsOnly", INLINE) as made:
        outcomes = {it.check.name: it.result for it in run(CHECKS[:-2], made)}

    assert {name for name, it in outcomes.items() if it.state is State.NOT_DEMANDED} == {
        "audience_subscription_request",
        "audience_membership_change_request",
        "audience_membership_change_request_idle",
        "dsr_processing_request",
        "cut_off",
        "rejected_credentials",
        "documented_calls",
    }
    assert {it.state for it in outcomes.values()} == {State.PASSED, State.NOT_DEMANDED}


def test_without_a_token_what_is_not_registered_is_not_skipped() -> None:
    class Closed(pretender.Pretender):
        def serves(self, message_type: str) -> bool:
            return message_type == REGISTRATION

    endpoint = Closed(pretender.right, "https")
    events = replace(
        stage(pretender.right, "https"), endpoint=endpoint, registered={"event_processing_request"}
    )
    states = {it.check.name: it.result.state for it in run(MESSAGE_CHECKS, events)}

    assert states["event_processing_request"] is State.SKIPPED
    assert states["dsr_processing_request"] is State.NOT_DEMANDED


def test_extra_fields_of_an_answer_are_advice_that_names_them() -> None:
    found = result(named("event_processing_request"), stage(pretender.with_more, "https"))

    assert found.state is State.ADVICE
    assert found.reason == "mParticle passes over $.status, which it does not know"


def test_extra_fields_deep_in_a_registration_are_advice() -> None:
    with in_process("Right", INLINE) as made:
        answer = made.endpoint.send(request_named(REGISTRATION), message_type=REGISTRATION).content

    def registers(message: Any) -> Any:
        answer["event_processing_registration"]["account_settings"][0]["placeholder"] = "abc"
        return answer if message["type"] == REGISTRATION else pretender.right(message)

    found = result(named(REGISTRATION), stage(registers, "https"))

    assert found.state is State.ADVICE
    assert "$.event_processing_registration.account_settings[0].placeholder" in found.reason


@pytest.mark.parametrize("name", ["oversize", "wrong_type", "malformed", "cut_off"])
def test_any_refusal_that_mparticle_does_not_repeat_is_one_with_advice(name: str) -> None:
    found = result(named(name), stage(pretender.refuses_as_unprocessable, "https"))

    assert found.state is State.ADVICE
    assert "answered 422" in found.reason


def test_what_nobody_answers_fails_each_check_and_stops_none() -> None:
    class Nobody(pretender.Pretender):
        def send(self, body: Body, *, message_type: str) -> EndpointAnswer:
            raise CommandError("it cannot be reached", next_step="check the network")

    away = replace(stage(pretender.right, "lambda"), endpoint=Nobody(pretender.right, "lambda"))
    outcomes = [*run(QUICK_CHECKS, away)]

    assert len(outcomes) == len(QUICK_CHECKS)
    assert {it.result.reason for it in outcomes} == {"it cannot be reached"}
    assert {it.result.next_step for it in outcomes} == {"check the network"}


def test_without_a_token_only_registration_is_sent() -> None:
    class Closed(pretender.Pretender):
        def serves(self, message_type: str) -> bool:
            return message_type == "module_registration_request"

    closed = replace(stage(pretender.right, "https"), endpoint=Closed(pretender.right, "https"))
    states = {it.check.name: it.result for it in run(CHECKS, closed)}

    assert [name for name, it in states.items() if it.state is State.PASSED] == [
        "module_registration_request",
        "module_registration_request_without_version",
    ]
    assert "needs the token" in states["event_processing_request"].reason


@pytest.mark.parametrize(
    "error", ["Sandbox.Timedout: 2026 Task timed out after 5.00 seconds", "Runtime.ExitError: 137"]
)
def test_function_that_dies_of_a_bad_message_has_not_refused_it(error: str) -> None:
    dead = EndpointAnswer(status=HTTPStatus.OK, content={}, milliseconds=1, error=error)
    check = next(check for check in MESSAGE_CHECKS if check.name == "malformed")

    assert "not die of it" in str(check.judge({}, dead).problem)


def test_settings_reach_every_message_that_carries_some() -> None:
    received: list[Any] = []

    def remember(message: Any) -> Any:
        received.append(message)
        return pretender.right(message)

    with_key = replace(stage(remember, "lambda"), settings={"key": "canary-5"})
    names: Sequence[str] = [check.name for check in QUICK_CHECKS if check.is_demanded]
    for name in names:
        result(named(name), with_key)

    accounts = [message["account"] for message in received if "account" in message]
    assert len(accounts) > 5
    assert all(account["account_settings"] == {"key": "canary-5"} for account in accounts)
    assert json.dumps(received).count("canary-5") > len(accounts)
    assert "canary-5" not in repr(with_key)
