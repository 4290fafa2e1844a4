"""`firehose token retire`: the one before ends where the URL takes the current one."""

from __future__ import annotations

import json

from tests.ops.commands.token.conftest import Token
from tests.ops.commands.token.token_urls import FIRST, SECOND, TokenUrls


def test_one_before_ends_where_there_is_one(token: Token, urls: TokenUrls) -> None:
    urls.store("us-east-1", FIRST, SECOND)
    urls.store("eu-central-1", FIRST)

    retired = token("retire", "--format", "json")

    assert retired.returncode == 0, retired.stderr
    assert json.loads(retired.stdout) == [
        {"region": "us-east-1", "outcome": "retired", "valid": 1},
        {"region": "eu-central-1", "outcome": "has no other", "valid": 1},
    ]
    assert [urls.stored(it) for it in ("us-east-1", "eu-central-1")] == [[SECOND], [FIRST]]
    assert retired.stderr.splitlines() == [
        "Retiring the tokens before the current ones …",
        "Processes that run already know the retired token for up to 15 minutes.",
        "Next: firehose token status",
    ]


def test_dry_run_shows_what_would_end_and_ends_nothing(token: Token, urls: TokenUrls) -> None:
    urls.store("us-east-1", FIRST, SECOND)

    shown = token("retire", "--dry-run", "--format", "json")

    assert json.loads(shown.stdout) == [
        {"region": "us-east-1", "outcome": "would be retired", "valid": 2},
        {"region": "eu-central-1", "outcome": "has no other", "valid": 0},
    ]
    assert urls.stored("us-east-1") == [SECOND, FIRST]
    assert shown.stderr.splitlines() == [
        "Looking at the tokens before the current ones …",
        "Nothing was retired (--dry-run).",
    ]


def test_one_before_stays_where_the_url_refuses_the_current_one(
    token: Token, urls: TokenUrls
) -> None:
    urls.store("us-east-1", FIRST, SECOND)
    urls.store("eu-central-1", FIRST, SECOND)
    urls.refuse = {"us-east-1": SECOND}

    retired = token("retire", "--format", "json")

    assert retired.returncode == 1
    assert [row["region"] for row in json.loads(retired.stdout)] == ["eu-central-1"]
    assert [urls.stored(it) for it in ("us-east-1", "eu-central-1")] == [[SECOND, FIRST], [SECOND]]
    assert retired.stderr.splitlines()[1:] == [
        "us-east-1: the URL refuses the current token, so the other one stays",
        "Next: firehose token status --region us-east-1",
        "Not done: us-east-1",
        "Next: firehose token retire --region us-east-1",
    ]
