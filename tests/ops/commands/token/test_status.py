"""`firehose token status`: what each region holds, what its URL does, and what that needs."""

from __future__ import annotations

import json

from tests.ops.commands.token.conftest import Token
from tests.ops.commands.token.token_urls import FIRST, SECOND, THIRD, TokenUrls

REGIONS = ("us-east-1", "eu-central-1")
DAYS = [f"2026-11-{day:02}T12:00:00+00:00" for day in (2, 3)]


def test_two_tokens_that_are_alike_everywhere_need_nothing_but_the_end_of_one(
    token: Token, urls: TokenUrls
) -> None:
    for region in REGIONS:
        urls.store(region, FIRST, SECOND)

    status = token("status", "--format", "json")

    assert json.loads(status.stdout) == [
        {
            "region": region,
            "stored": DAYS[1],
            "previous": DAYS[0],
            "valid": 2,
            "same": True,
            "accepts": True,
            "refuses_others": None,
            "registration_open": True,
        }
        for region in REGIONS
    ]
    assert (status.returncode, status.stderr) == (
        0,
        "Two tokens are valid. Next: firehose token retire, once mParticle uses the newer\n",
    )


def test_one_token_everywhere_needs_nothing(token: Token, urls: TokenUrls) -> None:
    for region in REGIONS:
        urls.store(region, FIRST)

    status = token("status", "--wrong-token", "--format", "json")

    assert [(row["valid"], row["refuses_others"]) for row in json.loads(status.stdout)] == [
        (1, True),
        (1, True),
    ]
    assert (status.returncode, status.stderr) == (0, "Every URL takes the stored token.\n")


def test_wrong_token_is_only_sent_on_demand(token: Token, urls: TokenUrls) -> None:
    urls.store("us-east-1", FIRST)

    token("status", "--region", "us-east-1")
    unasked = urls.asked.count("/us-east-1/events")
    token("status", "--region", "us-east-1", "--wrong-token")

    assert unasked == 1
    assert urls.asked.count("/us-east-1/events") == 3


def test_region_without_a_token_needs_one_and_differs_from_none(
    token: Token, urls: TokenUrls
) -> None:
    urls.store("us-east-1", FIRST)

    status = token("status", "--format", "json")

    row = json.loads(status.stdout)[1]
    assert [row[it] for it in ("stored", "previous", "valid", "same", "accepts")] == [
        *(None, None, 0, None, None)
    ]
    assert status.returncode == 1
    assert status.stderr.splitlines() == [
        "eu-central-1: no token is stored",
        "Next: firehose token import --region eu-central-1",
    ]


def test_each_thing_that_a_url_does_wrong_is_told_with_its_next_step(
    token: Token, urls: TokenUrls
) -> None:
    for region in REGIONS:
        urls.store(region, FIRST)
    urls.refuse = {"us-east-1": FIRST}
    urls.take_any, urls.are_mute = {"eu-central-1"}, {"eu-central-1"}

    status = token("status", "--wrong-token")

    assert status.returncode == 1
    assert status.stderr.splitlines() == [
        "us-east-1: the URL refuses the stored token",
        "Next: firehose logs --region us-east-1",
        "eu-central-1: the URL accepts any token",
        "Next: firehose drift --region eu-central-1",
        "eu-central-1: registration does not answer",
        "Next: firehose logs --region eu-central-1",
    ]


def test_regions_that_differ_are_told_the_newest_token_first(token: Token, urls: TokenUrls) -> None:
    urls.store("us-east-1", FIRST)
    urls.store("eu-central-1", FIRST, SECOND, THIRD)

    status = token("status", "--format", "json")

    assert [row["same"] for row in json.loads(status.stdout)] == [False, False]
    assert status.returncode == 1
    assert status.stderr.splitlines() == [
        "regions hold different tokens, the newest first: eu-central-1; us-east-1",
        "Next: store the newest in the others: firehose token import --region us-east-1",
    ]
