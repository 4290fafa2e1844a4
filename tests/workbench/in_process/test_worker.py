"""The integration in this process: what is queued, and what the worker makes of it."""

from __future__ import annotations

from endpoint.circuit import FEWEST_CALLS
from local.service_calls import BEHAVIOURS, always
from local.stand_in import StandIn
from tests.workbench.in_process.conftest import Loaded, waiting
from tests.workbench.partner_code import message, message_of
from tests.workbench.play.played import StandingClock
from workbench.memory_sqs import MemorySqs
from workbench.pace import Pace


def test_queued_message_is_acknowledged_at_once_and_delivered_by_the_worker(
    loaded: Loaded, partner: StandIn
) -> None:
    with loaded() as endpoint:
        answer = endpoint.answer(message("audience_membership_change_request"))
        assert (answer["type"], len(partner.received)) == (
            "audience_membership_change_response",
            0,
        )
        assert waiting(endpoint) == 1
        (delivered,) = endpoint.deliver()

    assert (delivered.outcome, delivered.attempt, delivered.wait_seconds) == ("delivered", 1, 0)
    assert delivered.message_id == message_of("audience_membership_change_request")["id"]
    assert [call.path for call in partner.received] == ["/v1/audiences"]
    assert waiting(endpoint) == 0


def test_delivery_that_fails_for_now_waits_and_comes_again(
    loaded: Loaded, partner: StandIn
) -> None:
    partner.choose = always("error")

    with loaded() as endpoint:
        endpoint.answer(message("audience_membership_change_request"))
        first = endpoint.deliver()
        partner.choose = always("ok")
        second = endpoint.deliver()

    assert [(it.outcome, it.error, it.wait_seconds) for it in first] == [
        ("retried", "RetryableError", 60)
    ]
    assert [(it.outcome, it.attempt) for it in second] == [("delivered", 2)]


def test_rejected_credentials_behind_the_queue_are_a_dead_letter(
    loaded: Loaded, partner: StandIn
) -> None:
    partner.choose = lambda _call: BEHAVIOURS["unauthorized"]

    with loaded() as endpoint:
        endpoint.answer(message("audience_membership_change_request"))
        (delivered,) = endpoint.deliver()

    assert (delivered.outcome, delivered.error) == ("rejected", "InvalidCredentials")
    assert endpoint.worker
    letters = endpoint.worker.sqs.messages(MemorySqs.DEAD_LETTERS)
    assert [letter.reason for letter in letters] == ["InvalidCredentials"]


def test_message_is_given_up_after_the_planned_tries(loaded: Loaded, partner: StandIn) -> None:
    partner.choose = always("error")

    with loaded(worker={"attempts": 3}) as endpoint:
        endpoint.answer(message("audience_membership_change_request"))
        outcomes = [it.outcome for _ in range(4) for it in endpoint.deliver()]

    assert outcomes == ["retried", "retried", "dead"]


def test_what_fails_for_now_overflows_is_acknowledged_and_delivered_by_the_worker(
    loaded: Loaded,
) -> None:
    hooks = """
        tries = 0

        def process_event_processing_request(self, request):
            self.tries += 1
            if self.tries == 1:
                raise RetryableError("not now")
            return super().process_event_processing_request(request)
    """

    with loaded(hooks) as endpoint:
        answer = endpoint.answer(message("event_processing_request"))
        tries = endpoint.deliver()

    assert answer["id"] == message_of("event_processing_request")["id"]
    assert [(it.outcome, it.attempt) for it in tries] == [("delivered", 1)]


def test_open_circuit_sends_messages_to_the_queue_untried_until_its_time_by_the_clock_has_come(
    loaded: Loaded, partner: StandIn
) -> None:
    clock = StandingClock()
    partner.choose = always("error")

    with loaded(pace=Pace(now=clock.now)) as endpoint:
        assert endpoint.worker
        for _ in range(FEWEST_CALLS):
            endpoint.answer(message("audience_membership_change_request"))
        assert len(endpoint.deliver()) == FEWEST_CALLS
        held = endpoint.deliver()
        due = endpoint.worker.next_due
        assert due
        clock.skip_to(due)
        probed = endpoint.deliver(due_only=True)

    assert held == []
    assert [it.outcome for it in probed] == ["retried"]
