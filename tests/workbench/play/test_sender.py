"""mParticle as it is played: what it repeats and when, what it remembers, when it stops."""

from __future__ import annotations

import pytest

from probe.endpoint_answer import EndpointAnswer, Json
from tests.workbench.play.played import (
    MEMBERSHIP,
    SUBSCRIPTION,
    answered,
    calls,
    message,
    played,
)
from workbench.play.play_records import AudienceSuspended, MessageWithheld
from workbench.play.sender_rules import SenderRules

HOUR = 3600.0
SUSPENDING = {"suspend_subscription": True}


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_documented_statuses_are_repeated_ever_later_until_it_gives_up(status: int) -> None:
    rules = SenderRules(repeats=3, first_wait_seconds=10, longest_wait_seconds=30)

    records, sent = played([message(at=100)], lambda *_: answered(status), rules)

    assert calls(records) == [
        (100, 1, "repeated"),
        (110, 2, "repeated"),
        (130, 3, "repeated"),
        (160, 4, "given up"),
    ]
    assert {content["id"] for content in sent} == {"m-1"}


@pytest.mark.parametrize("status", [200, 202])
def test_acknowledged_message_is_sent_once(status: int) -> None:
    records, _ = played([message()], lambda *_: answered(status))

    assert calls(records) == [(0, 1, "acknowledged")]


@pytest.mark.parametrize(("status", "outcome"), [(400, "refused"), (401, "given up")])
def test_every_other_status_is_the_end_of_the_message(status: int, outcome: str) -> None:
    records, _ = played([message()], lambda *_: answered(status))

    assert calls(records) == [(0, 1, outcome)]


def test_function_error_is_the_end_unless_it_is_said_to_be_repeated() -> None:
    def once_broken(number: int, _content: Json) -> EndpointAnswer:
        return answered(error="Boom" if number == 0 else None)

    first, _ = played([message()], once_broken)
    second, _ = played([message()], once_broken, SenderRules(repeats_errors=True))

    assert calls(first) == [(0, 1, "given up")]
    assert calls(second) == [(0, 1, "repeated"), (2, 2, "acknowledged")]


def test_other_messages_do_not_wait_for_one_that_is_repeated() -> None:
    def busy_at_first(number: int, _content: Json) -> EndpointAnswer:
        return answered(503 if number == 0 else 200)

    records, sent = played(
        [message(at=0, message_id="a"), message(at=1, message_id="b")], busy_at_first
    )

    assert [content["id"] for content in sent] == ["a", "b", "a"]
    assert calls(records)[-1] == (2, 2, "acknowledged")


def test_audience_that_the_endpoint_suspends_gets_nothing_until_the_customer_resumes_it() -> None:
    def suspending(number: int, _content: Json) -> EndpointAnswer:
        return answered(content=SUSPENDING if number == 0 else {})

    messages = [message(MEMBERSHIP, at=at, message_id=f"m-{at}") for at in (0, HOUR, 3 * HOUR)]
    records, sent = played(
        [*messages, message(at=HOUR, message_id="events")],
        suspending,
        SenderRules(resumed_after_seconds=2 * HOUR),
    )

    assert [it.resumed_at for it in records if isinstance(it, AudienceSuspended)] == [2 * HOUR]
    withheld = [it.message.id for it in records if isinstance(it, MessageWithheld)]
    assert withheld == [f"m-{HOUR}"]
    assert [content["id"] for content in sent] == ["m-0", "events", f"m-{3 * HOUR}"]


def test_audience_whose_repeats_are_used_up_is_stopped_too() -> None:
    records, _ = played([message(MEMBERSHIP)], lambda *_: answered(503), SenderRules(repeats=1))

    (stopped,) = [it for it in records if isinstance(it, AudienceSuspended)]
    assert (stopped.asked_for, stopped.at) == (False, 2.0)


def test_settings_that_answer_a_subscription_come_with_every_later_change_of_that_audience() -> (
    None
):
    def mirrored(_number: int, content: Json) -> EndpointAnswer:
        if content["type"] == SUBSCRIPTION:
            return answered(content={"audience_subscription_settings": {"listId": "l-9"}})
        return answered()

    profiles = [{"audiences": [{"audience_id": 7}, {"audience_id": 8}]}]
    _, sent = played(
        [
            message(SUBSCRIPTION, at=0, message_id="s", audience_id=7),
            message(MEMBERSHIP, at=1, message_id="m", user_profiles=profiles),
            message(SUBSCRIPTION, at=2, message_id="t", audience_id=7),
        ],
        mirrored,
    )

    kept = {"audience_subscription_settings": {"listId": "l-9"}}
    assert sent[1]["user_profiles"][0]["audiences"] == [
        {"audience_id": 7, **kept},
        {"audience_id": 8},
    ]
    assert sent[2] | kept == sent[2]
    assert profiles == [{"audiences": [{"audience_id": 7}, {"audience_id": 8}]}], "left as it was"
