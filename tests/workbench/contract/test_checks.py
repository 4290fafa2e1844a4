"""Every check passes what is right and fails what is wrong in its one respect."""

from __future__ import annotations

import pytest

from plan.fields import TransportName
from probe.endpoint_check import Check, State
from probe.message_checks import MESSAGE_CHECKS
from tests.workbench.contract import pretender
from tests.workbench.contract.pretender import Handler, stage
from tests.workbench.contract.staging import INLINE, QUEUED, in_process, named, result
from workbench.contract.contract_checks import CHECKS, run
from workbench.contract.leak_check import LEAK_CHECK
from workbench.contract.registered_checks import FAMILIES_CHECK
from workbench.contract.service_checks import SERVICE_CHECKS

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
    checks: list[Check] = [FAMILIES_CHECK, *SERVICE_CHECKS, LEAK_CHECK]
    with in_process("Right", processing) as made:
        outcomes = [*run(checks, made)]

    assert {it.check.name: it.result.state for it in outcomes} == {
        check.name: State.PASSED for check in checks
    }


@pytest.mark.parametrize(("name", "integration", "processing"), WRONG_INTEGRATIONS)
def test_wrong_integration_fails_its_check_with_what_to_do(
    name: str, integration: str, processing: dict[str, str]
) -> None:
    with in_process(integration, processing) as made:
        found = result(named(name), made)

    assert found.state is State.FAILED, found
    assert found.reason
    assert found.next_step
