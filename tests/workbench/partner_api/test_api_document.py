"""A partner's OpenAPI document is read, or refused with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from console.exit_codes import CommandError, ExitCode
from tests.workbench.partner_api.documents import EVENT, LOYALTY, content, document, written
from workbench.partner_api.api_document import document_beside, read_document


def test_operations_are_given_with_what_a_caller_has_to_know() -> None:
    made = read_document(LOYALTY)

    (get, put) = made.operations
    assert (get.name, get.method, get.path, get.schema) == ("member", "GET", "/members/{id}", None)
    assert [it["name"] for it in get.parameters] == ["id"]
    assert (put.name, put.method, put.media_types) == ("putEvents", "PUT", ("application/json",))
    assert put.body_is_required
    assert made.security_scheme("key")["name"] == "X-Loyalty-Key"


def test_variables_of_a_server_are_filled_in_each_way_they_allow(tmp_path: Path) -> None:
    variables = {"region": {"default": "us", "enum": ["us", "eu"]}, "v": {"default": "v1"}}
    server = {"url": "https://{region}.globex.test/{v}/", "variables": variables}

    made = document(tmp_path, EVENT, servers=[server])

    assert [it.url for it in made.servers] == [
        "https://us.globex.test/v1",
        "https://eu.globex.test/v1",
    ]


def test_schema_has_what_all_of_its_parts_say(tmp_path: Path) -> None:
    schema = {"allOf": [{"$ref": "#/components/schemas/Event"}, {"required": ["name"]}]}
    made = document(tmp_path, schema, schemas={"Event": EVENT})

    merged = made.merged(schema)

    assert merged["required"] == ["id", "name"]
    assert list(merged["properties"]) == ["id", "name"]


@pytest.mark.parametrize("version", ["3.0.3", "3.1.0"])
def test_value_is_held_against_the_schema_that_references_lead_to(
    tmp_path: Path, version: str
) -> None:
    made = document(
        tmp_path,
        {"type": "array", "items": {"$ref": "#/components/schemas/Event"}},
        version=version,
        schemas={"Event": EVENT},
    )
    validator = made.validator(made.operations[0].pointer)

    assert list(validator.iter_errors([{"id": "1"}])) == []
    (error,) = validator.iter_errors([{"id": "1"}, {}])
    assert error.json_path == "$[1]"


def test_value_that_may_be_null_differs_between_versions(tmp_path: Path) -> None:
    nullable = {"type": "object", "properties": {"a": {"type": "string", "nullable": True}}}
    made = document(tmp_path, nullable, version="3.0.3")

    assert made.validator(made.operations[0].pointer).is_valid({"a": None})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (None, "No such file"),
        ("a: [", "neither YAML nor JSON at line 1"),
        ("[]", "openapi: nothing"),
        ("swagger: '2.0'", "openapi: nothing"),
        ("openapi: 3.9.0", "openapi: 3.9.0; 3.0 and 3.1 are known"),
        ("openapi: 3.1.0\ninfo: {}\npaths: {}", r"\$\.info"),
    ],
)
def test_what_is_no_document_is_wrong_usage(tmp_path: Path, text: str | None, reason: str) -> None:
    file = tmp_path / "openapi.yaml"
    if text is not None:
        file.write_text(text)

    with pytest.raises(CommandError, match=reason) as raised:
        read_document(file)

    assert raised.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize(
    ("reference", "reason"),
    [("other.yaml#/Event", "one document has to hold it all"), ("#/components/x", "not there")],
)
def test_reference_to_elsewhere_is_told(tmp_path: Path, reference: str, reason: str) -> None:
    made = document(tmp_path, EVENT)

    with pytest.raises(CommandError, match=reason):
        made.resolved({"$ref": reference})


ENDLESS = "#/components/schemas/Endless"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (content(EVENT, parameters=[{"$ref": "other.yaml#/x"}]), "other.yaml#/x leads nowhere"),
        (content(EVENT, parameters=[{"$ref": "#/servers/9"}]), "/servers/9 leads nowhere"),
        (content(EVENT, parameters=[{"$ref": "#/info/title/x"}]), "leads into a text"),
        (
            content({"$ref": ENDLESS}, schemas={"Endless": {"allOf": [{"$ref": ENDLESS}]}}),
            "consists of itself",
        ),
    ],
)
def test_document_whose_references_lead_nowhere_is_wrong_usage(
    tmp_path: Path, made: dict[str, Any], reason: str
) -> None:
    with pytest.raises(CommandError, match=reason) as raised:
        read_document(written(tmp_path, made))

    assert raised.value.exit_code is ExitCode.USAGE


def test_reference_that_leads_to_itself_ends(tmp_path: Path) -> None:
    loop: dict[str, Any] = {"A": {"$ref": "#/components/schemas/A"}}
    made = document(tmp_path, EVENT)
    made.content["components"]["schemas"].update(loop)

    with pytest.raises(CommandError, match="leads to itself"):
        made.resolved(loop["A"])


def test_document_lies_beside_the_tests_or_there_is_none(tmp_path: Path) -> None:
    assert document_beside(tmp_path) is None
    file = written(tmp_path, content(EVENT))
    assert document_beside(tmp_path) == file
