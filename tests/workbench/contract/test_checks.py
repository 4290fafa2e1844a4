"""Every check passes what is right and fails what is wrong in its one respect."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import pytest

from console.exit_codes import CommandError
from local.stand_in import always
from plan.deployment import Deployment
from plan.fields import TransportName
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from probe.check_requests import request_named
from probe.endpoint_answer import Body, EndpointAnswer
from probe.endpoint_check import Check, Result, Stage, State
from probe.message_checks import MESSAGE_CHECKS, QUICK_CHECKS
from probe.registered_types import REGISTRATION
from probe.time_check import TimeCheck
from tests.workbench.contract import pretender
from tests.workbench.contract.pretender import Handler, stage
from workbench.contract.contract_checks import CHECKS, run
from workbench.contract.families_check import FamiliesCheck
from workbench.contract.leak_check import LeakCheck
from workbench.contract.service_checks import SERVICE_CHECKS
from workbench.contract.stage_in_process import stage_in_process

URL = {"PARTNER_API_URL": "https://api.acme.example"}
QUEUED = {"events": "queued", "audiences": "queued", "dsr": "queued"}
INLINE = {"events": "inline", "audiences": "inline", "dsr": "inline"}

WRONG_ENDPOINTS: list[tuple[str, Handler, TransportName]] = [
    ("module_registration_request", pretender.of_another_pair, "lambda"),
    ("module_registration_request_without_version", pretender.needs_version, "lambda"),
    ("event_processing_request", pretender.of_another_pair, "lambda"),
    ("event_processing_request_idle", pretender.needs_events, "lambda"),
    ("event_processing_request_eventless", pretender.needs_events, "lambda"),
    ("event_processing_request_256_kb", pretender.needs_little, "lambda"),
    ("audience_subscription_request", pretender.of_another_pair, "https"),
    ("audience_membership_change_request", pretender.of_another_pair, "https"),
    ("audience_membership_change_request_idle", pretender.needs_users, "lambda"),
    ("dsr_processing_request", pretender.of_another_pair, "lambda"),
    ("unknown_field", pretender.strict, "lambda"),
    ("unknown_event_type", pretender.strict, "lambda"),
    ("unknown_enum_value", pretender.strict, "https"),
    ("oversize", pretender.repeats_everything, "https"),
    ("wrong_type", pretender.takes_everything, "lambda"),
    ("wrong_type", pretender.repeats_everything, "https"),
    ("malformed", pretender.takes_everything, "https"),
    ("cut_off", pretender.repeats_everything, "https"),
    ("response_id", pretender.names_itself, "lambda"),
]
WRONG_INTEGRATIONS: list[tuple[str, str, dict[str, str]]] = [
    ("registered_hooks", "Deaf", INLINE),
    ("registered_families", "Callless", INLINE),
    ("registered_families", "WithoutAudiences", QUEUED),
    ("repeated_delivery", "WithoutKey", INLINE),
    ("repeated_delivery", "WithoutKey", QUEUED),
    ("slow_service", "Endless", INLINE),
    ("slow_service", "Forgetful", INLINE),
    ("dead_service", "Forgetful", INLINE),
    ("dead_service", "Forgetful", QUEUED),
    ("rejected_credentials", "Hopeful", INLINE),
    ("rejected_credentials", "Indifferent", INLINE),
    ("rejected_credentials", "Hopeful", QUEUED),
    ("nothing_leaks", "Talkative", INLINE),
    ("nothing_leaks", "Talkative", QUEUED),
    ("answer_time", "Slow", INLINE),
]
STEERED = [check for check in CHECKS if check not in MESSAGE_CHECKS and check.needs]


def named(name: str) -> Check:
    """Find a check; calls come as fast as they can, on a machine that has nothing else to do."""
    (found,) = (check for check in CHECKS if check.name == name)
    is_timed = isinstance(found, TimeCheck)
    return TimeCheck(rate=1_000.0, load=lambda: 0.0) if is_timed else found


def result(check: Check, on: Stage) -> Result:
    ((outcome),) = run([check], on)
    return outcome.result


@contextmanager
def in_process(integration: str, processing: dict[str, str]) -> Iterator[Stage]:
    with stage_in_process(planned(integration, processing), entered={}) as made:
        yield made


def planned(integration: str, processing: dict[str, str]) -> RegionPlan:
    deployment = {
        "name": "acme",
        "pods": ["EU1"],
        "code": {"integration": f"tests.workbench.contract.partner:{integration}"},
        "function": {"timeout_seconds": 2},
        "environment": URL,
        "processing": processing,
    }
    (plan,) = regions(Deployment.model_validate(deployment), AWS)
    return plan


def test_every_check_is_failed_by_something_that_is_wrong() -> None:
    failed = {name for name, *_ in (*WRONG_ENDPOINTS, *WRONG_INTEGRATIONS)}
    failed.add("documented_calls")  # tests/workbench/commands/test_new_openapi.py

    assert failed == {check.name for check in CHECKS}
    assert len(CHECKS) == len(failed)


@pytest.mark.parametrize("transport", ["lambda", "https"])
def test_right_endpoint_passes_every_check_that_it_has_what_is_needed_for(
    transport: TransportName,
) -> None:
    outcomes = [*run(CHECKS, stage(pretender.right, transport))]

    skipped = {it.check.name for it in outcomes if it.result.state is State.SKIPPED}
    needless = {it.check.name for it in outcomes if it.result.state is State.NOT_DEMANDED}
    passed = {it.check.name for it in outcomes if it.result.state is State.PASSED}
    assert skipped == {check.name for check in STEERED} - {"documented_calls"}
    assert needless == {"documented_calls"} | ({"cut_off"} if transport == "lambda" else set())
    assert passed == {check.name for check in CHECKS} - skipped - needless


@pytest.mark.parametrize(("name", "handler", "transport"), WRONG_ENDPOINTS)
def test_wrong_endpoint_fails_its_check_with_what_to_do(
    name: str, handler: Handler, transport: TransportName
) -> None:
    check = named(name)

    found = result(check, stage(handler, transport))

    assert found.state is (State.FAILED if check.is_demanded else State.ADVICE)
    assert found.reason
    assert found.next_step


@pytest.mark.parametrize("processing", [INLINE, QUEUED], ids=["inline", "queued"])
def test_right_integration_passes_every_check_with_a_service_to_steer(
    processing: dict[str, str],
) -> None:
    checks: list[Check] = [FamiliesCheck(), *SERVICE_CHECKS, LeakCheck()]
    with in_process("Right", processing) as made:
        outcomes = [*run(checks, made)]

    assert {it.check.name: it.result.state for it in outcomes} == {
        check.name: State.PASSED for check in checks
    }


def test_answers_in_time_pass_with_the_numbers_that_prove_it() -> None:
    # how fast this machine is today is no subject of a test
    patient = replace(stage(pretender.right, "lambda"), has_times=True, limit_ms=60_000)

    found = result(named("answer_time"), patient)

    assert found.state is State.PASSED
    assert found.reason.startswith("100.00% of 299 answers within 60000 ms (at least 99.00%")


@pytest.mark.parametrize(("name", "integration", "processing"), WRONG_INTEGRATIONS)
def test_wrong_integration_fails_its_check_with_what_to_do(
    name: str, integration: str, processing: dict[str, str]
) -> None:
    with in_process(integration, processing) as made:
        found = result(named(name), made)

    assert found.state is State.FAILED, found
    assert found.reason
    assert found.next_step


@pytest.mark.parametrize("check", SERVICE_CHECKS, ids=lambda check: check.name)
def test_integration_that_calls_no_service_is_skipped_with_the_reason(check: Check) -> None:
    with in_process("Callless", INLINE) as made:
        found = result(check, made)

    assert (found.state, found.reason) == (
        State.SKIPPED,
        "the integration called no service: see registered_families",
    )
    assert "[environment]" in found.next_step


@pytest.mark.parametrize("integration", ["KeyInBody", "SameCall"])
@pytest.mark.parametrize("processing", [INLINE, QUEUED], ids=["inline", "queued"])
def test_repetition_may_be_known_by_a_key_in_the_body_or_by_the_same_call(
    integration: str, processing: dict[str, str]
) -> None:
    with in_process(integration, processing) as made:
        assert result(named("repeated_delivery"), made).state is State.PASSED


def test_refused_key_may_be_used_once_for_each_of_several_calls() -> None:
    with in_process("OneByOne", QUEUED) as made:
        assert result(named("rejected_credentials"), made).state is State.PASSED


def test_checks_find_nothing_of_what_earlier_ones_did() -> None:
    refused, dead = named("rejected_credentials"), named("dead_service")

    with in_process("Offended", INLINE) as made:
        outcomes = [it.result.state for it in run([refused, dead, dead], made)]

    assert outcomes == [State.PASSED] * 3


def test_call_that_a_slow_service_ends_late_is_no_delivery_of_the_next_check() -> None:
    slow, dead = named("slow_service"), named("dead_service")

    with in_process("Forgetful", INLINE) as made:
        outcomes = [it.result.state for it in run([slow, dead, dead], made)]

    assert outcomes == [State.FAILED] * 3


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


def test_late_answers_on_a_busy_machine_are_advice() -> None:
    busy = TimeCheck(rate=200.0, load=lambda: 5.0)
    impatient = replace(stage(pretender.right, "lambda"), has_times=True, limit_ms=0)

    found = result(busy, impatient)

    assert found.state is State.ADVICE
    assert "5.0 programs want each processor" in found.reason


def test_failed_answers_on_a_busy_machine_are_failures() -> None:
    busy = TimeCheck(rate=1_000.0, load=lambda: 5.0)

    with in_process("Broken", INLINE) as made:
        assert result(busy, made).state is State.FAILED


def test_leak_is_told_without_what_leaked() -> None:
    with in_process("Talkative", INLINE) as made:
        found = result(LeakCheck(), made)

    assert "canary" not in f"{found.reason}{found.next_step}"


def test_line_that_the_integration_logs_is_read_once() -> None:
    with in_process("Talkative", INLINE) as made:
        assert made.service
        assert made.read_log
        made.service.choose = always("error")
        made.send(request_named("dsr_processing_request"))

        assert sum("cannot deliver" in line for line in made.read_log()) == 1


def test_queued_membership_with_a_refused_key_passes_and_says_that_nobody_is_told() -> None:
    with in_process("Right", QUEUED) as made:
        found = result(named("rejected_credentials"), made)

    assert found.state is State.PASSED
    assert "mParticle is not told" in found.reason


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
