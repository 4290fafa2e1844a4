"""`firehose try`: what a message does, shown without anybody's secrets."""

from __future__ import annotations

import json
from pathlib import Path

from tests.workbench.commands.trying.tried import ADDRESS, KEY, tried
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import message_of


def test_one_message_shows_hooks_calls_response_time_and_memory(
    firehose_here: FirehoseHere, batch: Path
) -> None:
    trial = tried(firehose_here("try", str(batch), "--format", "json"))

    assert trial["hooks"][0] == "process_event_processing_request"
    assert "process_custom_event" in trial["hooks"]
    assert [(call["method"], call["url"], call["body"]) for call in trial["calls"]] == [
        ("POST", "https://api.acme.example/v1/events", {"who": "<email>"})
    ]
    assert trial["response"]["id"] == message_of("event_processing_request")["id"]
    assert (trial["failure"], trial["worker"]) == (None, None)
    assert trial["milliseconds"] > 0
    assert trial["allocated_kib"] > 0
    assert trial["log"][0] == "a line of mine about <email>"


def test_nothing_secret_is_shown_in_any_form(firehose_here: FirehoseHere, batch: Path) -> None:
    for form in ("table", "json", "markdown"):
        result = firehose_here("try", str(batch), "--format", form)
        assert result.returncode == 0
        assert KEY not in result.stdout + result.stderr
        assert ADDRESS not in result.stdout + result.stderr
    shown = firehose_here("try", str(batch), "--identities").stdout
    assert f'"who": "{ADDRESS}"' in shown
    assert KEY not in shown


def test_settings_of_a_test_customer_take_the_place_of_the_messages(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    entered = tmp_path / "customer.json"
    entered.write_text(json.dumps({"apiKey": "canary-real"}))
    content = message_of("audience_subscription_request")
    content["account"] = {"account_settings": {"apiKey": KEY}}
    file = tmp_path / "subscription.json"
    file.write_text(json.dumps(content))

    result = firehose_here("try", str(file), "--settings", str(entered))

    assert "a bug of <apiKey>" in result.stdout, "the hook raises with the key it was given"
    assert "canary-real" not in result.stdout + result.stderr


def test_bug_is_shown_with_its_place_and_ends_with_code_1(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    content = message_of("audience_subscription_request")
    content["account"] = {"account_settings": {"apiKey": KEY}}
    file = tmp_path / "subscription.json"
    file.write_text(json.dumps(content))

    result = firehose_here("try", str(file))

    assert result.returncode == 1
    assert "acme_tried.py" in result.stdout
    assert "KeyError" in result.stdout
    assert "a function error: KeyError" in result.stdout
    assert "endpoint/answering.py" not in result.stdout
    assert KEY not in result.stdout + result.stderr
    assert "1 of 1 went wrong: subscription" in result.stderr


def test_unreadable_message_shows_what_mparticle_sees(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"type": "nothing"}')

    result = firehose_here("try", str(file))

    assert result.returncode == 1
    assert "a function error: InvalidMessage: $.type: is not a known type" in result.stdout


def test_hook_that_is_not_the_integrations_own_is_marked(
    firehose_here: FirehoseHere, batch: Path
) -> None:
    result = firehose_here("try", str(batch))

    lines = [line.strip("│├└─ ") for line in result.stdout.splitlines()]
    assert "process_event_processing_request" in lines
    assert "process_custom_event (not yours: it only acknowledges)" in lines
