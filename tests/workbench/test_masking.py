"""Secrets of a message are shown by name wherever they come up again."""

from __future__ import annotations

import hashlib
import json
import re
from urllib.parse import quote, quote_plus, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firehose import decode
from tests.workbench.partner_code import message
from workbench.masking import Mask

KEY, ADDRESS = "canary-key/ä", "canary@example.com"
BATCH = decode(
    json.dumps(
        {
            "type": "event_processing_request",
            "account": {"account_id": 1, "account_settings": {"apiKey": KEY, "pin": "42"}},
            "user_identities": [
                {"type": "email", "encoding": "raw", "value": ADDRESS},
                {"type": "customer", "encoding": "raw", "value": "77"},
            ],
        }
    )
)
ERASURE = decode(
    json.dumps(
        {
            "type": "dsr_processing_request",
            "subject_identities": {"email": {"encoding": "raw", "value": ADDRESS}},
            "extensions": {"opendsr.mparticle.com": {"note": "canary-extension"}},
        }
    )
)


def test_identities_are_named_by_type_and_settings_by_id() -> None:
    mask = Mask(BATCH, identities=False)

    assert mask.json({"user": ADDRESS, "id": "77", "n": 77, "key": [KEY], "size": 12}) == {
        "user": "<email>",
        "id": "<customer>",
        "n": "<customer>",
        "key": ["<apiKey>"],
        "size": 12,
    }


def test_identities_can_be_shown_and_settings_cannot() -> None:
    mask = Mask(BATCH, identities=True)

    assert mask.text(f"{ADDRESS} {KEY}") == f"{ADDRESS} <apiKey>"


def test_erasure_hides_the_subject_and_what_its_extensions_say() -> None:
    mask = Mask(ERASURE, identities=False)

    assert mask.text(f"/erasures/{quote(ADDRESS, '')}") == "/erasures/<email>"
    assert mask.json(["canary-extension"]) == ["<note>"]


def test_short_values_are_masked_only_where_they_stand_alone() -> None:
    mask = Mask(BATCH, identities=False)

    assert mask.text("2042-01-01") == "2042-01-01"
    assert mask.text("42") == "<pin>"


def test_header_with_credentials_shows_only_names() -> None:
    mask = Mask(BATCH, identities=False)
    headers = {
        "authorization": f"Bearer {KEY}",
        "proxy-authorization": "Basic Y2FuYXJ5",
        "x-api-key": "canary-of-the-code",
        "x-signature-token": KEY,
        "idempotency-key": "k",
        "content-type": "application/json",
    }

    masked = mask.headers(headers)

    assert masked["authorization"] == "Bearer <apiKey>"
    assert masked["proxy-authorization"] == "Basic ***"
    assert masked["x-api-key"] == "***"
    assert masked["x-signature-token"] == "<apiKey>"
    assert masked["content-type"] == "application/json"
    assert masked["idempotency-key"] == "k"


def with_key(key: str) -> Mask:
    return Mask(
        decode(
            json.dumps(
                {
                    "type": "event_processing_request",
                    "account": {"account_settings": {"apiKey": key}},
                }
            )
        ),
        identities=False,
    )


AWKWARD = "ca\"n'a\\ry/k ey+ä\n\u2028☃"


@pytest.mark.parametrize(
    "form",
    [
        AWKWARD,
        json.dumps(AWKWARD),
        json.dumps(AWKWARD, ensure_ascii=False),
        json.dumps(AWKWARD).replace("/", "\\/"),
        json.dumps({"body": json.dumps({"key": AWKWARD})}),
        quote(AWKWARD),
        quote(AWKWARD, ""),
        quote(AWKWARD, "").lower(),
        quote_plus(AWKWARD),
        urlencode({"key": AWKWARD}),
        repr(AWKWARD),
        repr({"key": f"{AWKWARD} and more"}),
        repr('it\'s "so"' + AWKWARD),
        f"ValueError: key {AWKWARD!r} is wrong",
    ],
)
def test_settings_are_masked_in_every_notation(form: str) -> None:
    masked = with_key(AWKWARD).text(f"POST /a?b={form}&c")

    assert "<apiKey>" in masked
    assert not re.search("ca.{0,3}n.{0,3}a", masked)


@given(key=st.text(st.characters(), min_size=4))
def test_no_notation_of_a_setting_stays_readable(key: str) -> None:
    mask = with_key(key)

    in_url = [form(key, safe="", errors="replace") for form in (quote, quote_plus)]
    for form in (key, json.dumps(key)[1:-1], *in_url, repr(key)[1:-1]):
        assert mask.text(f"[{form}]") == "[<apiKey>]"


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256"])
@pytest.mark.parametrize("value", [ADDRESS, "77"])
def test_hashes_of_identities_are_masked_like_them(algorithm: str, value: str) -> None:
    digest = hashlib.new(algorithm, value.encode()).hexdigest()
    name = "<email>" if value == ADDRESS else "<customer>"

    masked = Mask(BATCH, identities=False).json({"hash": digest, "path": f"/u/{digest.upper()}"})

    assert masked == {"hash": name, "path": f"/u/{name}"}
    assert Mask(BATCH, identities=True).text(digest) == digest


def test_hash_is_of_the_trimmed_value_in_lower_case() -> None:
    batch = decode(
        json.dumps(
            {
                "type": "event_processing_request",
                "user_identities": [
                    {"type": "email", "encoding": "raw", "value": f" {ADDRESS.upper()} "}
                ],
            }
        )
    )
    digest = hashlib.sha256(ADDRESS.encode()).hexdigest()

    assert Mask(batch, identities=False).text(digest) == "<email>"


def test_identity_that_is_no_whole_text_is_masked_all_the_same() -> None:
    half = "canary-\ud800"
    batch = {"user_identities": [{"type": "email", "encoding": "raw", "value": half}]}
    message = decode({"type": "event_processing_request", **batch})

    assert Mask(message, identities=False).text(f"a {half}") == "a <email>"


@given(st.text(), st.text())
def test_long_secrets_never_show_in_any_text(before: str, after: str) -> None:
    masked = Mask(BATCH, identities=False).text(f"{before}{KEY}{after}{quote(ADDRESS, '')}")

    assert KEY not in masked
    assert quote(ADDRESS, "") not in masked


def test_message_that_cannot_be_read_has_nothing_to_mask() -> None:
    assert Mask(None, identities=False).text("as it is") == "as it is"
    assert Mask(decode(message("module_registration_request")), identities=False).json([1]) == [1]
