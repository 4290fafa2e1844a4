"""The whole delivery under every fault at once, by thousands of seeds; a failing seed replays."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.simulation.faults import Faults
from tests.simulation.partner_api import Mood, Period
from tests.simulation.play import BUDGET_SECONDS, Choices, Play, play
from tests.simulation.scheduler import Scheduler

SEEDS = 1_000
"""Thirty times what finds broken code; `make simulation` plays 125 times more."""
PARTS = 4


def faultless(scheduler: Scheduler) -> Faults:
    return Faults(random=scheduler.random)


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_is_lost_whatever_goes_wrong(part: int) -> None:
    total: Counter[str] = Counter()
    for seed in range(part * SEEDS // PARTS, (part + 1) * SEEDS // PARTS):
        try:
            total += play(seed).account()
        except Exception as error:
            error.add_note(f"seed {seed}; replay it: python -m tests.simulation --seed {seed}")
            raise
    assert total["lost"] == 0
    # the plays mean something
    assert total["acknowledged"] > 0.9 * total["sent"]
    assert total["duplicates"] > 0
    assert total["dead"] > 0


def test_a_seed_plays_the_same_again() -> None:
    first, second = Play(7, Choices()), Play(7, Choices())

    assert first.run().fates == second.run().fates
    assert first.scheduler.steps == second.scheduler.steps


@pytest.mark.parametrize("seed", range(5))
def test_poison_among_300_costs_nobody_else_anything(seed: int) -> None:
    choices = Choices(
        queued=("events", "dsr"),
        overflowing=(),
        messages=300,
        poisoned={17},
        is_redriven=False,
        over_seconds=2,
    )

    ledger = play(seed, choices, faults=faultless, periods=[Period(0, "up")])

    dead = [fate for fate in ledger.fates.values() if fate.dead]
    assert [(fate.number, fate.reasons) for fate in dead] == [
        (17, ["the worker broke down over it 3 times"])
    ]
    others = [fate for fate in ledger.fates.values() if fate.number != 17]
    assert all(fate.delivered for fate in others)
    # only who was in the batch with it, once, is delivered again
    assert sum(fate.delivered > 1 for fate in others) <= choices.batch_size - 1
    assert max(fate.delivered for fate in others) <= 2


@pytest.mark.parametrize("seed", range(20))
def test_hooks_that_hang_multiply_no_message(seed: int) -> None:
    choices = Choices(messages=10, poisoned=(), is_redriven=False, over_seconds=2)

    ledger = play(seed, choices, faults=faultless, periods=[Period(0, "hangs")])

    assert max(fate.tries for fate in ledger.fates.values()) <= choices.attempts
    assert max(fate.dead_ever for fate in ledger.fates.values()) <= 1


def test_lambda_that_ends_recursions_would_end_the_tries() -> None:
    """Why the worker's function allows them."""
    choices = Choices(messages=3, attempts=30, recursions=16, poisoned=(), is_redriven=False)

    ledger = play(1, choices, faults=faultless, periods=[Period(0, "down")])

    assert {reason for fate in ledger.fates.values() for reason in fate.reasons} == {"moved by SQS"}


@pytest.mark.parametrize(("mood", "seconds"), [("down", 10), ("busy", 10), ("hangs", 60)])
@pytest.mark.parametrize("seed", range(3))
def test_no_customer_waits_for_the_api_of_another(seed: int, mood: Mood, seconds: float) -> None:
    choices = Choices(messages=60, poisoned=(), is_redriven=False, over_seconds=120)
    periods = [Period(0, mood, customer=0), Period(600, "up", customer=0)]

    ledger = play(seed, choices, faults=faultless, periods=periods)

    waits = {
        fate.number: (fate.delivered_at or 0.0) - fate.sent_at
        for fate in ledger.fates.values()
        if fate.customer != 0
    }
    assert len(waits) == 40
    assert max(waits.values()) <= seconds


@pytest.mark.parametrize("mood", ["down", "slow", "hangs", "reset", "lost", "busy", "flaky"])
def test_mparticle_waits_no_longer_than_the_budget_whatever_the_api_does(mood: Mood) -> None:
    for seed in range(10):
        choices = Choices(poisoned=(), is_redriven=False, over_seconds=3)
        periods = [Period(0, mood), Period(30, "up")]

        ledger = play(seed, choices, faults=faultless, periods=periods)

        assert ledger.slowest_answer <= BUDGET_SECONDS + 0.03
        assert all(fate.is_acknowledged for fate in ledger.fates.values())
