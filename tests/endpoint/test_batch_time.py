"""When each message of a batch is tried and settled, played in simulated time."""

from __future__ import annotations

import pytest

from endpoint.circuit import FEWEST_CALLS, Circuit, Permit
from firehose import RetryableError
from tests.aws.endpoint_sqs import QUEUE
from tests.endpoint.deliveries import logged, record
from tests.endpoint.played_batches import PlayedBatches, ProcessEnded
from tests.simulation.scheduler import Scheduler

FOREVER = 1_000.0


def attempts(played: PlayedBatches) -> list[str]:
    """Give the tries that the copies in the queue know of."""
    attributes = [copy["MessageAttributes"] for copy in played.sqs.sent(QUEUE)]
    return [it.get("attempt", {}).get("StringValue", "0") for it in attributes]


@pytest.mark.parametrize(("remaining", "at_work"), [(30, 28), (4, 2), (3, 1.5)])
def test_two_seconds_of_a_call_but_at_most_half_are_kept_to_report(
    remaining: float, at_work: float
) -> None:
    played = PlayedBatches(FOREVER)

    assert played.deliver(record(), remaining_seconds=remaining) == []

    assert played.ended_at == at_work
    assert played.integration.told == [pytest.approx(at_work, abs=0.1)]
    assert attempts(played) == ["1"]


def test_so_many_messages_as_are_parallel_are_begun_and_the_next_when_one_ends() -> None:
    played = PlayedBatches(1, 3, 1, 1, 1, parallel=2)

    assert played.deliver(*(record(number) for number in range(5))) == []

    assert played.integration.begun_at == [0, 0, 1, 2, 3]
    assert played.ended_at == 4


def test_message_that_was_begun_has_used_a_try_and_one_that_was_not_has_none(
    capsys: pytest.CaptureFixture[str],
) -> None:
    played = PlayedBatches(FOREVER, parallel=1)

    assert played.deliver(record(1), record(2)) == []

    assert attempts(played) == ["1", "0"]
    lines = [(line["outcome"], line.get("error")) for line in logged(capsys)]
    assert lines == [("retried", "OutOfTime"), ("held", "OutOfTime"), ("late", None)]


def test_no_message_is_settled_when_a_slow_queue_may_not_end_in_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    played = PlayedBatches(*[FOREVER] * 4, sqs_seconds=0.2)

    failed = played.deliver(*(record(number) for number in range(4)))

    # from 28 s on, each takes two calls of 0.2 s, and the last may begin until 28.7 s
    assert failed == ["message-2", "message-3"]
    lines = [(line["outcome"], line.get("error")) for line in logged(capsys)]
    assert lines == [*[("retried", "OutOfTime")] * 4, *[("late", None)] * 4]
    assert played.ended_at == pytest.approx(28.8)


@pytest.mark.parametrize(("sqs_seconds", "failed", "ended_at"), [
    (0.9, [], 29.7), (1.1, ["message-1"], 29.9),
])  # fmt: skip
def test_message_that_its_thread_is_settling_is_waited_for_almost_to_the_end(
    sqs_seconds: float, failed: list[str], ended_at: float
) -> None:
    played = PlayedBatches(27.9, sqs_seconds=sqs_seconds)
    played.integration.error = RetryableError("down")

    assert played.deliver(record()) == failed
    assert played.ended_at == pytest.approx(ended_at)


def test_messages_that_their_threads_are_settling_are_waited_for_together() -> None:
    played = PlayedBatches(27.9, 27.9, sqs_seconds=1.1)
    played.integration.error = RetryableError("down")

    assert played.deliver(record(1), record(2)) == ["message-1", "message-2"]
    assert played.ended_at == pytest.approx(29.9)


@pytest.mark.parametrize(("hanging", "is_ended"), [(20, False), (21, True)])
def test_process_ends_when_more_than_twenty_hooks_were_left_behind(
    hanging: int, is_ended: bool
) -> None:
    played = PlayedBatches(*[FOREVER] * hanging, parallel=hanging)
    first = [record(number) for number in range(hanging)]

    if not is_ended:
        assert played.deliver_all(first, [record(99)]) == [[], []]
        assert len(played.integration.begun_at) == hanging + 1
        return
    with pytest.raises(ProcessEnded):
        played.deliver_all(first, [record(99)])
    assert played.sqs.deleted()[-1] == "receipt-99", "it is stored again before"


def test_suspect_is_not_tried_beside_a_hook_that_was_left_behind() -> None:
    played = PlayedBatches(FOREVER)

    with pytest.raises(ProcessEnded):
        played.deliver_all([record(1)], [record(2, breakdowns=0)])

    assert len(played.integration.begun_at) == 1
    copy = played.sqs.sent(QUEUE)[-1]["MessageAttributes"]
    assert copy["breakdowns"]["StringValue"] == "0"


def test_suspect_is_tried_when_every_hook_has_ended() -> None:
    played = PlayedBatches(1, 1)

    assert played.deliver_all([record(1)], [record(2, breakdowns=0)]) == [[], []]

    assert played.integration.begun_at == [0, 1]


def test_thread_that_found_no_message_left_is_no_company_of_a_suspect() -> None:
    played = PlayedBatches()

    assert played.deliver_all([record(1), record(2)], [record(3, breakdowns=0)]) == [[], []]

    assert len(played.integration.begun_at) == 3


class OpenCircuit(Circuit):
    """Is open, and takes its time over a permit."""

    def __init__(self, scheduler: Scheduler) -> None:
        super().__init__(lambda: scheduler.now)
        self._sleep = scheduler.sleep
        self.seconds = 0.0
        for _ in range(FEWEST_CALLS):
            self.note(Permit.CALL, "1001", failed=True)

    def permit(self) -> Permit | None:
        permit = super().permit()
        if permit:
            self._sleep(self.seconds)
        return permit


def test_message_given_up_before_its_probe_began_makes_room_for_another_probe() -> None:
    circuits: list[OpenCircuit] = []

    def circuit(scheduler: Scheduler) -> OpenCircuit:
        circuits.append(OpenCircuit(scheduler))
        return circuits[0]

    played = PlayedBatches(circuit=circuit)
    circuits[0].seconds = FOREVER

    assert played.deliver(record(attempt=4)) == []

    assert played.integration.begun_at == []
    assert attempts(played) == ["4"]
    assert not circuits[0].is_waiting
