"""The partner's API is down for six hours: what the queue and the defaults have to bear.

Played at a scale: what matters is how often each message is tried, how many are in flight for each
batch at work, and how fast a batch at work empties the queue afterwards.
"""

from __future__ import annotations

from functools import cache

import pytest

from plan.delivery import Queue, Worker
from plan.mparticle import AVERAGE_REQUESTS_PER_SECOND
from tests.simulation.faults import Faults
from tests.simulation.ledger import Ledger
from tests.simulation.partner_api import Mood, Period
from tests.simulation.play import BUDGET_SECONDS, Choices, Play
from tests.simulation.queue import IN_FLIGHT
from tests.simulation.scheduler import Scheduler

HOURS = 6
OUTAGE = HOURS * 3600.0
WORKER, QUEUE = Worker(), Queue()
SPARE_SECONDS = 0.03


@cache
def play_outage(
    *,
    messages: int,
    mood: Mood = "down",
    attempts: int = WORKER.attempts,
    over: float = OUTAGE,
    queued: bool = False,
) -> tuple[Play, Ledger]:
    def faultless(scheduler: Scheduler) -> Faults:
        return Faults(random=scheduler.random, until=OUTAGE)

    choices = Choices(
        queued=("events", "dsr") if queued else ("dsr",),
        overflowing=() if queued else ("events",),
        attempts=attempts,
        max_breakdowns=QUEUE.max_receives,
        parallel=WORKER.parallel,
        batch_size=QUEUE.batch_size,
        concurrency=1,
        messages=messages,
        over_seconds=over,
        poisoned=(),
        is_redriven=False,
    )
    periods = [Period(0, mood), Period(OUTAGE, "up")]
    it = Play(6, choices, faults=faultless, periods=periods)
    return it, it.run()


@pytest.mark.parametrize("mood", ["down", "slow", "busy"])
def test_outage_of_six_hours_loses_nothing_and_kills_nothing(mood: Mood) -> None:
    it, ledger = play_outage(messages=800, mood=mood)

    account = ledger.account()
    assert account["acknowledged"] == account["delivered"] == account["sent"]
    assert account["dead"] == account["lost"] == 0
    assert max(fate.tries for fate in ledger.fates.values()) <= WORKER.attempts
    assert ledger.slowest_answer <= BUDGET_SECONDS + SPARE_SECONDS
    # a batch at work has its messages in flight and no others
    assert ledger.most_in_flight <= it.choices.concurrency * it.choices.batch_size
    assert WORKER.maximum_concurrency * QUEUE.batch_size <= IN_FLIGHT / 10


def test_few_messages_need_the_attempts_of_six_hours() -> None:
    """Of too few calls no circuit concludes anything, so each message waits for itself."""
    _, ledger = play_outage(messages=3, over=1)
    _, impatient = play_outage(messages=3, over=1, attempts=12)

    assert ledger.account()["delivered"] == 3
    assert impatient.account()["dead"] == 3


def test_queue_is_empty_again_long_before_its_retention_ends() -> None:
    it, ledger = play_outage(messages=3_000, mood="up", over=1, queued=True)

    last = max(fate.delivered_at or 0.0 for fate in ledger.fates.values())
    per_batch = len(ledger.fates) / last / it.choices.concurrency
    stored = OUTAGE * AVERAGE_REQUESTS_PER_SECOND
    drained = stored / (per_batch * WORKER.maximum_concurrency - AVERAGE_REQUESTS_PER_SECOND)
    assert 0 < drained < OUTAGE
    assert OUTAGE + drained < QUEUE.retention_days * 86_400 / 4


def test_messages_that_waited_are_delivered_soon_after_the_outage() -> None:
    _, ledger = play_outage(messages=800)

    late = sorted(fate.delivered_at or 0.0 for fate in ledger.fates.values())
    assert late[int(0.95 * len(late))] <= OUTAGE + 300
