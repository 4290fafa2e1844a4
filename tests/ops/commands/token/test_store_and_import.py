"""The first token of every region: plain, or in the message that mParticle encrypted."""

from __future__ import annotations

import json
from pathlib import Path

from pysequoia import Cert, encrypt

from tests.ops.commands.token.conftest import Token
from tests.ops.commands.token.token_urls import FIRST, SECOND, THIRD, TokenUrls

REGIONS = ("us-east-1", "eu-central-1")


def message(public_key: str, text: str) -> bytes:
    return encrypt(bytes=text.encode(), recipients=[Cert.from_bytes(public_key.encode())])


def test_plain_token_is_stored_in_every_region(token: Token, urls: TokenUrls) -> None:
    urls.store("eu-central-1", FIRST)

    stored = token("store", "--format", "json", given=f"{FIRST}\n")

    assert json.loads(stored.stdout) == [
        {"region": "us-east-1", "outcome": "stored", "valid": 1},
        {"region": "eu-central-1", "outcome": "is there already", "valid": 1},
    ]
    assert [urls.stored(region) for region in REGIONS] == [[FIRST]] * 2
    assert (stored.returncode, stored.stderr.splitlines()) == (
        0,
        [
            "Storing the token in us-east-1, eu-central-1 …",
            "Running endpoints take it over within a minute. Next: firehose token status",
        ],
    )


def test_region_that_holds_two_tokens_takes_no_third(token: Token, urls: TokenUrls) -> None:
    urls.store("eu-central-1", FIRST, SECOND)

    stored = token("store", given=THIRD)

    assert stored.returncode == 1
    assert urls.stored("eu-central-1") == [SECOND, FIRST]
    assert stored.stderr.splitlines()[-2:] == [
        "Not done: eu-central-1",
        "Next: firehose token store --region eu-central-1",
    ]


def test_chosen_word_of_a_decrypted_message_is_stored(
    token: Token, urls: TokenUrls, tmp_path: Path
) -> None:
    mail = tmp_path / "mail.asc"
    mail.write_bytes(message(token("keygen").stdout, f"Your token: {FIRST}\n"))

    undecided = token("import", str(mail))
    imported = token("import", str(mail), "--word", "3")

    assert undecided.returncode == 2
    assert "has 3 words, of 4, 6, 14 characters" in undecided.stderr
    assert imported.returncode == 0, imported.stderr
    assert [urls.stored(region) for region in REGIONS] == [[FIRST]] * 2


def test_encrypted_token_can_be_the_next_one(token: Token, urls: TokenUrls) -> None:
    for region in REGIONS:
        urls.store(region, FIRST)

    rotated = token("rotate", given=message(token("keygen").stdout, SECOND))

    assert rotated.returncode == 0, rotated.stderr
    assert [urls.stored(region) for region in REGIONS] == [[SECOND, FIRST]] * 2


def test_file_that_is_not_there_is_wrong_usage(
    token: Token, urls: TokenUrls, tmp_path: Path
) -> None:
    refused = token("import", str(tmp_path / "gone.asc"))

    assert refused.returncode == 2
    assert "gone.asc cannot be read: No such file or directory" in refused.stderr
    assert [urls.stored(region) for region in REGIONS] == [[], []]


def test_import_that_fails_somewhere_says_how_to_repeat_it_there(
    token: Token, urls: TokenUrls
) -> None:
    urls.store("us-east-1", FIRST, SECOND)

    imported = token("import", given=message(token("keygen").stdout, THIRD))

    assert imported.returncode == 1
    assert imported.stderr.endswith("Next: firehose token import --region us-east-1\n")
