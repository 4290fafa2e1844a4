"""What the checks make of what reaches the service, and of what does not."""

from __future__ import annotations

import pytest

from local.service_calls import always
from probe.check_requests import request_named
from probe.endpoint_check import Check, State
from tests.workbench.contract.staging import INLINE, QUEUED, in_process, named, result
from workbench.contract.contract_checks import run
from workbench.contract.leak_check import LEAK_CHECK
from workbench.contract.service_checks import SERVICE_CHECKS


@pytest.mark.parametrize("check", SERVICE_CHECKS, ids=lambda check: check.name)
def test_integration_that_calls_no_service_is_skipped_with_the_reason(check: Check) -> None:
    with in_process("Callless", INLINE) as made:
        found = result(check, made)

    assert (found.state, found.reason) == (
        State.SKIPPED,
        "the integration called no service: see registered_families",
    )
    assert "[environment]" in found.next_step


def test_integration_of_few_events_is_sent_those_that_it_registers() -> None:
    checks = [named(name) for name in ("registered_families", "repeated_delivery", "dead_service")]

    with in_process("PurchasesOnly", INLINE) as made:
        outcomes = [it.result.state for it in run(checks, made)]

    assert outcomes == [State.PASSED] * 3


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


def test_leak_is_told_without_what_leaked() -> None:
    with in_process("Talkative", INLINE) as made:
        found = result(LEAK_CHECK, made)

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
