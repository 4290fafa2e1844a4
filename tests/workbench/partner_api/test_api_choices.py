"""What a scaffold takes from a document: the likeliest, said aloud, or what was named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.exit_codes import CommandError
from tests.workbench.partner_api.documents import EVENT, LOYALTY, content, document, written
from workbench.partner_api.api_choices import choices_of, taken
from workbench.partner_api.api_document import read_document


def test_operation_key_and_urls_are_taken_from_the_document_and_named() -> None:
    choices = choices_of(read_document(LOYALTY))

    assert list(taken(choices)) == [
        "Events: PUT /events (putEvents), at most 50 a call",
        "Key: header X-Loyalty-Key: <key>",
        "URL: https://api.loyalty.test/v2",
        "  eu-central-1: https://eu.api.loyalty.test/v2",
    ]


def test_operation_about_many_events_is_likelier_than_others_and_another_can_be_named(
    tmp_path: Path,
) -> None:
    made = content(EVENT, path="/customers", operationId="putCustomer")
    several = content({"type": "array", "items": EVENT}, path="/track", operationId="trackMany")
    one = content(EVENT, path="/event", operationId="trackOne")
    made["paths"] |= several["paths"] | one["paths"]
    read = read_document(written(tmp_path, made))

    assert choices_of(read).operation.name == "trackMany"
    assert list(choices_of(read).others) == ["putCustomer", "trackOne"]
    assert choices_of(read, "putCustomer").operation.path == "/customers"
    with pytest.raises(
        CommandError, match=r"--operation: found x; allowed: putCustomer, trackMany"
    ):
        choices_of(read, "x")


def test_document_without_an_operation_that_takes_events_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="the document has no operation"):
        choices_of(document(tmp_path, EVENT, method="delete"))


@pytest.mark.parametrize(
    ("scheme", "shown"),
    [
        ({"type": "apiKey", "in": "header", "name": "X-Key"}, "header X-Key: <key>"),
        ({"type": "apiKey", "in": "query", "name": "key"}, "query key: <key>"),
        ({"type": "http", "scheme": "bearer"}, "header Authorization: Bearer <key>"),
        ({"type": "http", "scheme": "token"}, "header Authorization: Token <key>"),
        ({"type": "oauth2", "flows": {}}, "header Authorization: Bearer <key>"),
        (
            {"type": "http", "scheme": "basic"},
            "header Authorization: Bearer <key>, as none is documented",
        ),
        (None, "header Authorization: Bearer <key>, as none is documented"),
    ],
)
def test_key_goes_where_the_document_reads_it(
    tmp_path: Path, scheme: dict[str, Any] | None, shown: str
) -> None:
    choices = choices_of(document(tmp_path, EVENT, scheme=scheme))

    assert f"Key: {shown}" in taken(choices)


@pytest.mark.parametrize(
    ("servers", "regional"),
    [
        ([{"url": "https://api.globex.test"}], {}),
        (
            [{"url": "https://api.globex.test"}, {"url": "https://api-eu.globex.test/v1/"}],
            {"eu-central-1": "https://api-eu.globex.test/v1"},
        ),
        (
            [
                {"url": "https://a.globex.test", "description": "US"},
                {"url": "https://b.globex.test", "description": "Sydney, Australia"},
            ],
            {"ap-southeast-2": "https://b.globex.test"},
        ),
        (
            [
                {
                    "url": "https://{site}.globex.test",
                    "variables": {"site": {"default": "us1", "enum": ["us1", "eu1", "au1"]}},
                }
            ],
            {
                "eu-central-1": "https://eu1.globex.test",
                "ap-southeast-2": "https://au1.globex.test",
            },
        ),
        ([{"url": "https://api.globex.test"}, {"url": "http://eu.globex.test"}], {}),
        ([{"url": "https://api.globex.test"}, {"url": "https://neutral.globex.test"}], {}),
    ],
)
def test_hosts_of_regions_are_known_by_their_names_and_descriptions(
    tmp_path: Path, servers: list[dict[str, Any]], regional: dict[str, str]
) -> None:
    assert choices_of(document(tmp_path, EVENT, servers=servers)).regional == regional


def test_document_without_a_host_leaves_the_url_to_its_reader(tmp_path: Path) -> None:
    choices = choices_of(document(tmp_path, EVENT, servers=[{"url": "/v1"}]))

    assert choices.url is None
    assert "URL: none is documented; give it with --url" in taken(choices)


@pytest.mark.parametrize(
    ("schema", "field", "most"),
    [
        ({"type": "array", "maxItems": 9, "items": EVENT}, None, 9),
        (
            {"type": "object", "properties": {"rows": {"type": "array", "items": EVENT}}},
            "rows",
            None,
        ),
        (
            {
                "type": "object",
                "properties": {
                    "tags": {"type": "array", "maxItems": 3, "items": {"type": "string"}},
                    "users": {"type": "array", "maxItems": 4, "items": EVENT},
                    "events": {"type": "array", "maxItems": 5, "items": EVENT},
                },
            },
            "events",
            5,
        ),
    ],
)
def test_list_of_events_and_its_limit_are_found(
    tmp_path: Path, schema: dict[str, Any], field: str | None, most: int | None
) -> None:
    events = choices_of(document(tmp_path, schema)).events

    assert events
    assert (events.field, events.most) == (field, most)


def test_body_without_a_list_takes_one_event_a_call(tmp_path: Path) -> None:
    choices = choices_of(document(tmp_path, EVENT))

    assert choices.events is None
    assert "Events: POST /events (POST /events), one a call" in taken(choices)
