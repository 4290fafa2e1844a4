"""When calls are held back, for how long, and what lets them through again."""

from __future__ import annotations

import pytest

from endpoint.circuit import Circuit, Permit


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def noted(circuit: Circuit, *calls: tuple[str, bool]) -> None:
    for customer, failed in calls:
        permit = circuit.permit()
        assert permit is not None
        circuit.note(permit, customer, failed=failed)


def opened(clock: Clock) -> Circuit:
    circuit = Circuit(clock)
    noted(circuit, *[("a", True)] * 10)
    assert circuit.is_open
    return circuit


def test_opens_when_more_than_half_of_enough_calls_failed() -> None:
    circuit = Circuit(Clock())

    noted(circuit, *[("a", False), ("b", True)] * 5)
    assert not circuit.is_open
    noted(circuit, ("a", True))
    assert circuit.is_open
    assert circuit.permit() is None


def test_few_calls_and_calls_of_long_ago_open_nothing() -> None:
    clock = Clock()
    circuit = Circuit(clock)

    noted(circuit, *[("a", True)] * 9)
    clock.now = 61
    noted(circuit, *[("a", True)] * 9)

    assert not circuit.is_open


@pytest.mark.parametrize("others", ["b", "bc"])
def test_one_customer_opens_it_for_nobody(others: str) -> None:
    circuit = Circuit(Clock())

    noted(circuit, *((other, False) for other in others), *[("a", True)] * 15)

    assert not circuit.is_open


def test_closed_circuit_is_asked_again_soon() -> None:
    assert Circuit(Clock()).wait_seconds == 0.5


def test_one_probe_at_a_time_and_its_success_closes() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now += circuit.wait_seconds

    probe = circuit.permit()
    assert probe is Permit.PROBE
    assert circuit.permit() is None
    circuit.note(probe, "a", failed=False)

    assert circuit.permit() is Permit.CALL


def test_closed_circuit_has_forgotten_the_failures_and_the_long_waits() -> None:
    clock = Clock()
    circuit = opened(clock)
    for failed in (True, True, False):
        clock.now += circuit.wait_seconds
        noted(circuit, ("a", failed))

    noted(circuit, ("a", True))
    assert not circuit.is_open
    noted(circuit, *[("a", True)] * 9)
    assert circuit.wait_seconds == 1


def test_each_failed_probe_doubles_the_wait_up_to_a_limit() -> None:
    clock = Clock()
    circuit, waits = opened(clock), []
    for _ in range(8):
        waits.append(circuit.wait_seconds)
        clock.now += circuit.wait_seconds
        noted(circuit, ("a", True))

    assert waits == [1, 2, 4, 8, 16, 30, 30, 30]


def test_probe_that_says_nothing_makes_room_for_the_next() -> None:
    clock = Clock()
    circuit = opened(clock)
    clock.now += circuit.wait_seconds

    circuit.note(Permit.PROBE, "a", failed=None)

    assert circuit.permit() is Permit.PROBE


def test_calls_that_began_before_it_opened_change_nothing() -> None:
    clock = Clock()
    circuit = opened(clock)
    before = circuit.wait_seconds

    circuit.note(Permit.CALL, "a", failed=True)
    circuit.note(Permit.CALL, "a", failed=False)

    assert (circuit.is_open, circuit.wait_seconds) == (True, before)


def test_only_the_last_twenty_calls_count() -> None:
    circuit = Circuit(Clock())

    noted(circuit, ("a", True), *[("a", False)] * 10, *[("a", True)] * 10)

    assert not circuit.is_open  # eleven of 21, but ten of the last 20


def test_calls_of_the_last_minute_count() -> None:
    clock = Clock()
    circuit = Circuit(clock)

    noted(circuit, *[("a", True)] * 9)
    clock.now = 60
    noted(circuit, ("a", True))

    assert circuit.is_open


def test_success_opens_nothing() -> None:
    circuit = Circuit(Clock())

    noted(circuit, *[("a", True)] * 9, ("b", False))

    assert not circuit.is_open


def test_half_of_the_customers_are_too_few() -> None:
    circuit = Circuit(Clock())

    noted(circuit, ("b", False), *[("a", True)] * 15)

    assert not circuit.is_open
