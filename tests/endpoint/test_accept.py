"""What goes to the queue, what never does, and what mParticle is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.acceptance import LARGEST_BYTES, Acceptance
from endpoint.answering import answer
from endpoint.failures import QueueError
from endpoint.settings import Settings, WorkerSettings
from firehose import InvalidMessage, decode, to_dict
from tests.aws.endpoint_sqs import QUEUE, Sqs
from tests.endpoint.taker import Taker

MESSAGES = Path(__file__).parents[2] / "probe" / "messages"
CANARY = "canary-8f2a@example.com"
EVERYTHING = ("events", "audiences", "dsr")


def message(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((MESSAGES / f"{name}.json").read_text(encoding="utf-8"))
    return content


def acceptance(sqs: Sqs, *queued: str) -> Acceptance:
    return Acceptance(sqs.queue(QUEUE), queued=queued or EVERYTHING)


@pytest.mark.parametrize(
    "name",
    ["event_processing_request", "audience_membership_change_request", "dsr_processing_request"],
)
def test_queued_message_is_stored_whole_and_acknowledged_under_its_id(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sqs, request = Sqs(), message(name)

    response = answer(Taker(), request, acceptance(sqs))

    (stored,) = sqs.sent(QUEUE)
    assert json.loads(stored["MessageBody"]) == request
    assert stored["MessageGroupId"] == str(request["account"]["account_id"])
    assert response["type"] == request["type"].replace("request", "response")
    assert response["id"] == request["id"]
    assert json.loads(capsys.readouterr().out)["accepted"] == 1


def test_text_is_stored_as_it_came() -> None:
    sqs = Sqs()
    text = json.dumps(message("dsr_processing_request"), indent=3) + "\n"

    answer(Taker(), text.encode(), acceptance(sqs))

    assert sqs.sent(QUEUE)[0]["MessageBody"] == text


@pytest.mark.parametrize(
    "name",
    [
        "module_registration_request",
        "audience_subscription_request",
        "event_processing_request_idle",
        "audience_membership_change_request_idle",
    ],
)
def test_registration_subscription_and_idle_checks_never_touch_the_queue(name: str) -> None:
    sqs, request = Sqs(refused={"SendMessage": "KmsDisabled"}), message(name)

    response = answer(Taker(), request, acceptance(sqs))

    assert response["id"] == request["id"]
    assert sqs.requests == []


def test_family_that_is_not_queued_is_answered_by_the_integration() -> None:
    sqs = Sqs()

    answer(Taker(), message("event_processing_request"), acceptance(sqs, "audiences"))
    answer(Taker(), message("dsr_processing_request"), acceptance(sqs, "audiences"))

    assert sqs.requests == []


@pytest.mark.parametrize(
    "user_data",
    [
        {"user_identities": [{"type": "email", "encoding": "raw", "value": CANARY}]},
        {"user_attributes": {"plan": "gold"}},
        {"user_attribute_lists": {"seen": ["a"]}},
    ],
)
def test_batch_without_events_that_tells_about_a_user_is_data(user_data: dict[str, Any]) -> None:
    sqs = Sqs()

    answer(Taker(), message("event_processing_request_idle") | user_data, acceptance(sqs))

    assert len(sqs.sent(QUEUE)) == 1


def test_message_that_is_not_stored_is_never_answered(
    membership_change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    membership_change["account"]["account_settings"]["apiKey"] = CANARY
    sqs = Sqs(refused={"SendMessage": "KmsDisabled"})

    with pytest.raises(QueueError, match=r"^SendMessage failed: KmsDisabled$"):
        answer(Taker(), membership_change, acceptance(sqs))

    output = capsys.readouterr()
    assert CANARY not in output.out + output.err
    assert json.loads(output.out)["outcome"] == "failed"


def test_message_too_large_for_the_queue_is_delivered_at_once(
    membership_change: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    sqs = Sqs()
    membership_change["user_profiles"][0]["mpid"] = "1" * LARGEST_BYTES

    response = answer(Taker(), membership_change, acceptance(sqs))

    assert response["id"] == membership_change["id"]
    assert sqs.requests == []
    assert json.loads(capsys.readouterr().out)["outcome"] == "answered"


@pytest.mark.parametrize(
    "content",
    [
        message("event_processing_request") | {"x_new": float("inf")},
        message("event_processing_request") | {"x_new": [{"deep": float("nan")}]},
        message("event_processing_request_idle")
        | {"events": [{"type": "session_start", "location": {"latitude": float("-inf")}}]},
        message("event_processing_request") | {"x_new": 10**4_400},
        json.dumps(message("event_processing_request")).encode("utf-16"),
        json.dumps(message("event_processing_request")).encode("utf-16-le"),
        json.dumps(message("event_processing_request")).encode("utf-32-be"),
    ],
    ids=["infinity", "nan", "latitude", "4,400 digits", "utf-16", "utf-16-le", "utf-32-be"],
)
def test_message_that_the_queue_cannot_hold_exactly_is_delivered_at_once(
    content: bytes | dict[str, Any],
) -> None:
    sqs = Sqs()

    response = answer(Taker(), content, acceptance(sqs))

    assert response["type"] == "event_processing_response"
    assert sqs.requests == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_stored_text_is_read_as_the_same_request(encoding: str) -> None:
    sqs = Sqs()
    sent = message("event_processing_request") | {"x_new": [1e22, 0.1, "\ud83d", 2**70]}
    contents: list[bytes | dict[str, Any]] = [sent, json.dumps(sent).encode(encoding)]

    for content in contents:
        answer(Taker(), content, acceptance(sqs))

    for stored in sqs.sent(QUEUE):
        assert to_dict(decode(stored["MessageBody"].encode())) == to_dict(decode(sent))


@given(account=st.integers() | st.integers(-(10**400), 10**400))
def test_group_of_a_message_is_one_that_sqs_takes(account: int) -> None:
    request = message("dsr_processing_request") | {"account": {"account_id": account}}
    try:
        answer(Taker(), request, ACCEPTANCE)
    except InvalidMessage:
        assert abs(account) >= 10**30
        return
    assert len(SQS.sent(QUEUE)[-1]["MessageGroupId"]) <= 128


SQS = Sqs()
ACCEPTANCE = acceptance(SQS)


@given(text=st.text(max_size=20))
def test_whatever_text_a_message_holds_is_text_that_sqs_takes(text: str) -> None:
    request = message("dsr_processing_request") | {"subject_request_id": text}

    for content in (request, json.dumps(request, ensure_ascii=False).encode()):
        answer(Taker(), content, ACCEPTANCE)
        body = SQS.sent(QUEUE)[-1]["MessageBody"]
        assert json.loads(body) == request
        assert all(is_taken(character) for character in body)


def is_taken(character: str) -> bool:
    """Say whether SQS takes a character: its API reference, SendMessage, MessageBody."""
    return character in "\t\n\r" or (character >= " " and character not in "\ufffe\uffff")


def test_log_line_of_an_accepted_message_is_a_metric_without_a_payload(
    membership_change: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "acme-firehose")
    membership_change["user_profiles"][0]["user_identities"][0]["value"] = CANARY

    answer(Taker(), membership_change, acceptance(Sqs()))

    line = capsys.readouterr().out
    assert CANARY not in line
    entry = json.loads(line)
    (definition,) = entry["_aws"]["CloudWatchMetrics"]
    assert definition["Metrics"] == [{"Name": "accepted", "Unit": "Count"}]
    assert definition["Dimensions"] == [["function"]]
    assert (entry["function"], entry["accepted"]) == ("acme-firehose", 1)


@pytest.mark.parametrize(
    "settings",
    [
        Settings(integration="acme:Acme"),
        Settings(integration="acme:Acme", queued=("audiences", "dsr"), queue_url=QUEUE),
    ],
)
def test_settings_with_and_without_a_queue_survive_the_environment(settings: Settings) -> None:
    assert Settings.from_environment(settings.to_environment()) == settings


def test_worker_settings_survive_the_environment_and_name_what_is_missing() -> None:
    settings = WorkerSettings(
        integration="acme:Acme",
        queue_url=QUEUE,
        dead_letter_queue_url=QUEUE,
        parallel=5,
        attempts=3,
        max_receives=4,
    )
    environment = settings.to_environment()

    assert WorkerSettings.from_environment(environment) == settings
    del environment["FIREHOSE_ATTEMPTS"]
    with pytest.raises(LookupError, match="FIREHOSE_ATTEMPTS"):
        WorkerSettings.from_environment(environment)
