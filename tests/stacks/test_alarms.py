"""Every alarm: it fires when it should, is silent when it should, and says what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.stacks.alarm_cases import CASES, Case
from tests.stacks.metric_math import Data, Point, fires
from tests.stacks.variants import VARIANTS, Variants, resources

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^## (.+)\n((?:(?!^## ).*\n?)*)", RUNBOOK, re.MULTILINE))

Properties = dict[str, Any]


def alarms(
    variants: Variants, variant: str, region: str = "us-east-1"
) -> Iterator[tuple[str, str, Properties]]:
    """Yield each metric alarm that tells somebody, with its runbook section and logical id."""
    found = resources(variants.template(variant, region), "AWS::CloudWatch::Alarm")
    for logical_id, alarm in found.items():
        if "AlarmActions" not in alarm["Properties"]:
            continue
        section = alarm["Properties"]["AlarmDescription"].rpartition("#")[2]
        yield section, logical_id, alarm["Properties"]


def the_alarm(variants: Variants, variant: str, group: str, section: str) -> Properties:
    ((_, _, alarm),) = (
        found
        for found in alarms(variants, variant)
        if found[0] == section and found[1].startswith(f"Alarms{group}")
    )
    return alarm


def anchor(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower())


def metrics(alarm: Properties) -> list[Properties]:
    if "MetricName" in alarm:
        return [alarm]
    return [stat["MetricStat"]["Metric"] for stat in alarm["Metrics"] if "MetricStat" in stat]


def mixed(firing: Data, silent: Data, breaches: int) -> Data:
    """Give silent periods that end with some firing ones."""
    return {
        metric: [*silent[metric][: len(points) - breaches], *points[len(points) - breaches :]]
        for metric, points in firing.items()
    }


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_alarm_has_severity_meaning_and_a_section_of_the_runbook(
    variants: Variants, variant: str
) -> None:
    sections = {anchor(title): text for title, text in SECTIONS.items()}

    for section, _, alarm in alarms(variants, variant):
        severity, _, sentences = alarm["AlarmDescription"].partition(". ")
        assert severity in {"PAGE", "TICKET"}
        assert re.fullmatch(
            r"[A-Z7m].{20,}\. [A-Z].{15,} Runbook: docs/runbook\.md#[a-z0-9-]+", sentences
        )
        assert len(alarm["AlarmDescription"]) <= 1024
        assert sections[section].startswith(f"\n{severity}: ")
        for part in ("**Means.**", "**Do.**"):
            assert part in sections[section], (section, part)


def test_runbook_has_no_section_without_an_alarm(variants: Variants) -> None:
    known = {section for variant in VARIANTS for section, _, _ in alarms(variants, variant)}

    assert {anchor(title) for title in SECTIONS} == known == set(CASES)


@pytest.mark.parametrize("variant", ["full", "both", "shared", "young"])
def test_every_alarm_fires_when_it_should_and_is_silent_when_it_should(
    variants: Variants, variant: str
) -> None:
    for section, logical_id, alarm in alarms(variants, variant):
        case: Case = CASES[section](alarm["Threshold"])
        for data in case.firing:
            assert fires(alarm, data), (logical_id, data)
        for data in case.silent:
            assert not fires(alarm, data), (logical_id, data)
        breaches = alarm["DatapointsToAlarm"] + case.delay
        firing, silent = case.firing[0], case.silent[0]
        assert fires(alarm, mixed(firing, silent, breaches)), logical_id
        assert not fires(alarm, mixed(firing, silent, breaches - 1)), logical_id


@pytest.mark.parametrize("variant", ["full", "both"])
def test_missing_data_is_alarming_only_where_silence_is(variants: Variants, variant: str) -> None:
    for section, logical_id, alarm in alarms(variants, variant):
        nothing: Data = {
            metric: [None] * len(points)
            for metric, points in CASES[section](alarm["Threshold"]).firing[0].items()
        }
        assert fires(alarm, nothing) == (section == "silence"), logical_id


def test_alarms_of_calls_watch_the_alias_that_mparticle_calls(variants: Variants) -> None:
    for section, logical_id, alarm in alarms(variants, "both"):
        for metric in metrics(alarm):
            names = {dimension["Name"] for dimension in metric.get("Dimensions", [])}
            if metric["Namespace"] == "AWS/Lambda" and section != "account-head-room":
                of_the_function = section in {"function-throttle", "head-room"}
                expected = {"FunctionName"} | (set() if of_the_function else {"Resource"})
                assert names == expected, logical_id


def test_limits_are_mparticles_own_for_each_transport(variants: Variants) -> None:
    def compared(group: str) -> set[str]:
        alarm = the_alarm(variants, "both", group, "slow-answers")
        return {
            metric["MetricStat"]["Stat"] for metric in alarm["Metrics"] if "MetricStat" in metric
        }

    assert compared("EndpointLatency") == {"PR(:200)", "SampleCount"}
    assert compared("HttpsLatency") == {"PR(:100)", "SampleCount"}
    assert the_alarm(variants, "both", "EndpointLatency", "slow-trend")["Threshold"] == 150
    assert the_alarm(variants, "both", "HttpsLatency", "slow-trend")["Threshold"] == 75


def test_circuit_of_any_endpoint_counts_where_inline_work_can_overflow(
    variants: Variants,
) -> None:
    circuit = the_alarm(variants, "both", "Queue", "circuit")

    assert fires(circuit, {"diverted0": (0,) * 4, "diverted1": (1,) * 4})
    assert "circuit" not in {section for section, _, _ in alarms(variants, "all-queued")}


def test_head_room_is_seventy_percent_of_what_was_reserved(variants: Variants) -> None:
    assert the_alarm(variants, "full", "EndpointConcurrency", "head-room")["Threshold"] == 1050
    assert "head-room" not in {section for section, _, _ in alarms(variants, "shared")}


def test_account_alarm_looks_beyond_what_is_always_claimed(variants: Variants) -> None:
    def threshold(variant: str, region: str) -> int:
        ((_, _, alarm),) = (
            found for found in alarms(variants, variant, region) if found[0] == "account-head-room"
        )
        return int(alarm["Threshold"])

    assert threshold("young", "ap-southeast-2") == 1_100 + 1_330  # of a limit of 3,000
    assert threshold("young", "eu-central-1") == 7  # nothing is reserved, the limit is 10
    assert threshold("acme", "us-east-1") == 1_000 + 1_120  # 2,600 are needed, none measured
    assert threshold("full", "us-east-1") == 1_700 + 770  # 200 of it by other functions


@pytest.mark.parametrize(
    ("variant", "absent"),
    [
        ("acme", {"silence", "provisioned-spill-over", "queue-age", "api-errors"}),
        ("https", {"silence", "queue-age", "dead-letters"}),
        ("queued", {"silence", "api-errors", "unauthorized"}),
        ("shared", {"head-room"}),
    ],
)
def test_alarms_without_a_subject_do_not_exist(
    variants: Variants, variant: str, absent: set[str]
) -> None:
    assert absent.isdisjoint({section for section, _, _ in alarms(variants, variant)})


def test_statuses_that_mparticle_does_not_repeat_are_counted_in_the_access_log(
    variants: Variants,
) -> None:
    filters = resources(variants.template("https"), "AWS::Logs::MetricFilter").values()
    patterns = {
        found["Properties"]["FilterPattern"]: found["Properties"]["MetricTransformations"][0]
        for found in filters
    }

    assert set(patterns) == {'{ $.status = "401" }', '{ $.status = "429" }'}
    for counted in patterns.values():
        assert counted["MetricNamespace"] == "https-firehose-eu-central-1"
        assert (counted["MetricValue"], counted["DefaultValue"]) == ("1", 0)


@pytest.mark.parametrize(
    ("throttles", "invocations", "alarming"),
    [(10, 990, True), (9, 991, False), (5, None, True), (None, 5, False)],
)
def test_share_counts_throttled_calls_as_calls(
    variants: Variants, throttles: Point, invocations: Point, alarming: bool
) -> None:
    alarm = the_alarm(variants, "acme", "EndpointThrottles", "throttled-share")
    data = {"Throttles Sum": [throttles] * 5, "Invocations Sum": [invocations] * 5}

    assert fires(alarm, data) is alarming


def test_one_anonymous_request_wakes_nobody(variants: Variants) -> None:
    alarm = the_alarm(variants, "both", "Api", "unauthorized")
    once = {"UnauthorizedRequests Sum": [0, 0, 1], "Count Sum": [1, 1, 1]}

    assert not fires(alarm, once)


def test_every_alarm_reaches_the_address(variants: Variants) -> None:
    template = variants.template("full")
    (topic,) = resources(template, "AWS::SNS::Topic")

    for _, _, alarm in alarms(variants, "full"):
        assert alarm["AlarmActions"] == [{"Ref": topic}]
