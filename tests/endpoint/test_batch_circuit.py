"""What a batch tells the circuit, and how it waits for it, played in simulated time."""

from __future__ import annotations

import pytest

from endpoint.circuit import Circuit, Permit
from endpoint.delivery import Delivery
from tests.endpoint.deliveries import logged, record
from tests.endpoint.played_batches import PlayedBatches
from tests.simulation.scheduler import Scheduler

FOREVER = 1_000.0


class Circuits:
    """Makes the circuit of a played worker, and keeps it."""

    def __init__(self, *, failed_probes: int | None = None) -> None:
        self._failed_probes = failed_probes

    def __call__(self, scheduler: Scheduler) -> Circuit:
        self.made = Circuit(lambda: scheduler.now)
        if self._failed_probes is not None:
            for _ in range(10):
                self.made.note(Permit.CALL, "1001", failed=True)
            for _ in range(self._failed_probes):
                self.made.note(Permit.PROBE, "1001", failed=True)
        return self.made


def test_hooks_that_hang_open_the_circuit() -> None:
    circuits = Circuits()

    PlayedBatches(*[FOREVER] * 10, circuit=circuits).deliver(*map(record, range(10)))

    assert circuits.made.is_open


def test_hooks_that_end_in_time_leave_the_circuit_closed() -> None:
    circuits = Circuits()

    PlayedBatches(circuit=circuits).deliver(*map(record, range(10)))

    assert not circuits.made.is_open


def test_nobody_waits_for_the_circuit_beyond_its_batch() -> None:
    played = PlayedBatches(circuit=Circuits(failed_probes=5))

    # it probes after 30 s; each batch lasts 8 s, and a suspect is tried only without company
    batches = [record(1)], [record(2)], [record(3, breakdowns=0)]
    assert played.deliver_all(*batches, remaining_seconds=10, pause=1) == [[], [], []]

    assert played.ended_at == 26
    assert played.integration.begun_at == []


def test_message_that_waits_is_tried_when_the_circuit_probes() -> None:
    played = PlayedBatches(circuit=Circuits(failed_probes=0))

    assert played.deliver(record()) == []

    assert played.integration.begun_at == [1]


def test_message_whose_settling_breaks_comes_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaking(*_: object) -> bool:
        raise ZeroDivisionError

    monkeypatch.setattr(Delivery, "settle", breaking)

    assert PlayedBatches().deliver(record()) == ["message-1"]

    (line,) = logged(capsys)
    assert (line["outcome"], line["error"]) == ("retried", "ZeroDivisionError")
