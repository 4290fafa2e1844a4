"""Each alarm fires when its section of the runbook says so, and asks for its number of looks."""

from __future__ import annotations

import re

import pytest

from plan import alarms
from plan.alarm_rule import RUNBOOK, AlarmRule
from plan.mparticle import HTTPS_P99_MS, LAMBDA_P99_MS
from tests.pages import ROOT

PAGE = (ROOT / RUNBOOK).read_text(encoding="utf-8")
SECTIONS: dict[str, str] = dict(re.findall(r"^## (.+)\n\n(.+(?:\n.+)*)", PAGE, re.MULTILINE))
"""What the runbook says first below each title: severity, threshold, time."""

RULES = (
    *(rule for rule in vars(alarms).values() if isinstance(rule, AlarmRule)),
    alarms.slow_answers(LAMBDA_P99_MS),
    alarms.slow_trend(LAMBDA_P99_MS),
    alarms.head_room(1_000),
    alarms.account_head_room(limit=3_000, reserved=1_100),
)
by_title = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.title)
of_a_number = pytest.mark.parametrize(
    "rule", [rule for rule in RULES if rule.unit != "executions"], ids=lambda rule: rule.title
)

THRESHOLDS = (
    (r"at least ([\d,]+) (%)", ">="),
    (r"fewer than ([\d,]+) (%)", "<"),
    (r"(?:above|more than) ([\d,]+) (\w+)", ">"),
)
"""How the runbook writes a number, and how it is compared then; anything else is counted."""


def compared(said: str) -> tuple[str, int, str] | None:
    """Read how a value is compared, with what and in which unit; none where things are counted."""
    for pattern, comparison in THRESHOLDS:
        if found := re.search(pattern, said):
            return comparison, int(found[1].replace(",", "")), found[2]
    return None


def looks(said: str) -> tuple[int, int, int]:
    """Read how often the value is bad, in how many periods, of how many seconds."""
    if found := re.search(r"(\d+) of (\d+) minutes", said):
        return int(found[1]), int(found[2]), 60
    if found := re.search(r"in (\d+) minutes", said):
        return 1, 1, 60 * int(found[1])
    if found := re.search(r"each of (\d+) quarters of an hour", said):
        return int(found[1]), int(found[1]), 900
    if "an hour" in said:
        # a difference between two hours needs the one before
        return 1, 2 if "an hour later" in said else 1, 3_600
    return looks(PAGE[: PAGE.index("##")])


def test_runbook_has_a_section_of_each_rule_under_its_title() -> None:
    assert {rule.title for rule in RULES} == set(SECTIONS)


@by_title
def test_somebody_looks_as_soon_as_the_runbook_says(rule: AlarmRule) -> None:
    assert SECTIONS[rule.title].startswith(f"{rule.severity}: ")


@of_a_number
def test_value_is_compared_as_the_runbook_says(rule: AlarmRule) -> None:
    said = compared(SECTIONS[rule.title])

    if said:
        assert (rule.comparison, rule.threshold, rule.unit) == said
    elif SECTIONS[rule.title].startswith("PAGE: no call "):
        assert (rule.comparison, rule.threshold, rule.unit) == ("<", 1, "calls")
    else:
        # the first of what is counted
        assert (rule.comparison, rule.threshold) in {(">", 0), (">=", 1)}
        assert rule.unit.removesuffix("s") in SECTIONS[rule.title]
        assert rule.unit in {"calls", "messages", "requests"}


@by_title
def test_value_is_looked_at_as_often_as_the_runbook_says(rule: AlarmRule) -> None:
    assert (rule.breaches, rule.periods, rule.period_seconds) == looks(SECTIONS[rule.title])


@by_title
def test_nothing_is_known_to_be_wrong_without_data_but_silence(rule: AlarmRule) -> None:
    # words: docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference, PutMetricAlarm
    assert rule.missing == ("breaching" if rule.title == "Silence" else "notBreaching")


def test_percentile_says_something_from_as_many_calls_as_the_runbook_says() -> None:
    assert f"at least {alarms.ENOUGH_CALLS} calls a minute" in PAGE


def test_limit_of_each_transport_is_the_one_of_the_runbook() -> None:
    early = SECTIONS["Slow trend"]

    assert f"{alarms.slow_trend(LAMBDA_P99_MS).threshold} ms" in early
    assert f"({alarms.slow_trend(HTTPS_P99_MS).threshold} ms behind the HTTP API)" in early
    assert f"within {LAMBDA_P99_MS} ms" in alarms.slow_answers(LAMBDA_P99_MS).meaning


def test_seventy_percent_of_a_reservation_are_whole_executions() -> None:
    assert "70 %" in SECTIONS["Head-room"]
    assert [alarms.head_room(it).threshold for it in (1_000, 1_001, 1)] == [700, 701, 1]
    assert (alarms.head_room(1).comparison, alarms.head_room(1).unit) == (">=", "executions")


def test_account_is_watched_beyond_what_is_always_claimed() -> None:
    def threshold(limit: int, reserved: int) -> float:
        return alarms.account_head_room(limit=limit, reserved=reserved).threshold

    assert threshold(3_000, 1_100) == 1_100 + 1_330
    assert threshold(10, 0) == 7
    assert threshold(1_000, 1_000) == threshold(900, 1_000) == 1_000
    rule = alarms.account_head_room(limit=10, reserved=0)
    assert (rule.comparison, rule.unit) == (">=", "executions")


def test_whoever_is_woken_reads_what_to_do_and_where_more_is_written() -> None:
    rule = alarms.PROVISIONED_SPILL_OVER

    assert rule.name == "ProvisionedSpillOver"
    assert rule.section == "provisioned-spill-over"
    assert rule.description == (
        "TICKET. Calls went beyond the environments kept warm and may have started cold. Raise"
        " function.provisioned_concurrency, or accept the cold starts. Runbook:"
        " docs/runbook.md#provisioned-spill-over"
    )
