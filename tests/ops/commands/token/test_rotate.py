"""`firehose token rotate`: the next token beside the one before, and what URLs make of both."""

from __future__ import annotations

import json
import os
import signal

from tests.ops.commands.token.conftest import Token
from tests.ops.commands.token.token_urls import FIRST, SECOND, TokenUrls

REGIONS = ("us-east-1", "eu-central-1")


def test_next_token_is_stored_and_both_are_taken(token: Token, urls: TokenUrls) -> None:
    for region in REGIONS:
        urls.store(region, FIRST)

    rotated = token("rotate", "--format", "json", given=SECOND)

    assert rotated.returncode == 0, rotated.stderr
    assert json.loads(rotated.stdout) == [
        {
            "region": region,
            "outcome": "stored",
            "accepts_new": True,
            "accepts_previous": True,
        }
        for region in REGIONS
    ]
    assert [urls.stored(region) for region in REGIONS] == [[SECOND, FIRST]] * 2
    assert rotated.stderr.splitlines() == [
        "Storing the next token in us-east-1, eu-central-1 …",
        "Asking the URLs about both; one that cannot tell gets 75 s …",
        "Both tokens are accepted; the one before stays valid until you retire it.",
        "Next: tell mParticle to use the new one; when it does, firehose token retire",
    ]


def test_region_without_a_token_is_left_out_and_named(token: Token, urls: TokenUrls) -> None:
    urls.store("us-east-1", FIRST)

    rotated = token("rotate", "--format", "json", given=SECOND)

    assert rotated.returncode == 1
    assert [row["region"] for row in json.loads(rotated.stdout)] == ["us-east-1"]
    assert "eu-central-1: holds no token that could be rotated" in rotated.stderr
    assert "Next: firehose token import --region eu-central-1" in rotated.stderr
    assert rotated.stderr.endswith(
        "Not done: eu-central-1\nNext: firehose token rotate --region eu-central-1\n"
    )
    assert urls.stored("eu-central-1") == []


def test_no_url_is_asked_where_no_token_was_stored(token: Token, urls: TokenUrls) -> None:
    rotated = token("rotate", given=SECOND)

    assert rotated.returncode == 1
    assert "Asking the URLs" not in rotated.stderr
    assert urls.asked == []


def test_token_that_a_url_refuses_is_told_for_its_region(token: Token, urls: TokenUrls) -> None:
    for region in REGIONS:
        urls.store(region, FIRST)
    urls.refuse = {"us-east-1": SECOND, "eu-central-1": FIRST}

    rotated = token("rotate", "--format", "json", given=SECOND)

    assert rotated.returncode == 1
    assert [(it["accepts_new"], it["accepts_previous"]) for it in json.loads(rotated.stdout)] == [
        (False, True),
        (True, False),
    ]
    told = [line for line in rotated.stderr.splitlines() if "refuses" in line]
    assert told == [
        "us-east-1: the URL refuses the new token",
        "eu-central-1: the URL refuses the previous token",
    ]
    assert "Next: firehose logs --region us-east-1, then firehose token status" in rotated.stderr


def test_token_that_is_there_already_is_only_asked_about(token: Token, urls: TokenUrls) -> None:
    urls.store("us-east-1", FIRST)

    rotated = token("rotate", "--region", "us-east-1", "--format", "json", given=FIRST)

    (row,) = json.loads(rotated.stdout)
    assert row["outcome"] == "is there already"
    assert (row["accepts_new"], row["accepts_previous"]) == (True, None)
    assert rotated.returncode == 0, rotated.stderr


def test_url_that_cannot_be_reached_leaves_its_answers_empty(token: Token, urls: TokenUrls) -> None:
    for region in REGIONS:
        urls.store(region, FIRST)
    urls.cloud.session("us-east-1").stacks.outputs["EndpointUrl"] = "http://127.0.0.1:9"

    rotated = token("rotate", "--format", "json", given=SECOND)

    first, second = json.loads(rotated.stdout)
    assert (first["accepts_new"], first["accepts_previous"]) == (None, None)
    assert (second["accepts_new"], second["accepts_previous"]) == (True, True)
    assert rotated.returncode == 1
    assert "us-east-1: http://127.0.0.1:9/events cannot be reached" in rotated.stderr


def test_who_stops_it_is_told_by_its_exit_code(token: Token, urls: TokenUrls) -> None:
    for region in REGIONS:
        urls.store(region, FIRST)
    once = iter([True])

    def ctrl_c_once() -> None:
        if next(once, False):
            os.kill(os.getpid(), signal.SIGINT)

    urls.when_asked = ctrl_c_once

    rotated = token("rotate", given=SECOND)

    assert rotated.returncode == 130
    assert "Both tokens are accepted" not in rotated.stderr
    assert [urls.stored(region) for region in REGIONS] == [[SECOND, FIRST]] * 2
