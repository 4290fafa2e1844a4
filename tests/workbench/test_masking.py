"""Secrets of a message are shown by name wherever they come up again."""

from __future__ import annotations

import json
from urllib.parse import quote

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


@given(st.text(), st.text())
def test_long_secrets_never_show_in_any_text(before: str, after: str) -> None:
    masked = Mask(BATCH, identities=False).text(f"{before}{KEY}{after}{quote(ADDRESS, '')}")

    assert KEY not in masked
    assert quote(ADDRESS, "") not in masked


def test_message_that_cannot_be_read_has_nothing_to_mask() -> None:
    assert Mask(None, identities=False).text("as it is") == "as it is"
    assert Mask(decode(message("module_registration_request")), identities=False).json([1]) == [1]
