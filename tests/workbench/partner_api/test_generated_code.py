"""Whatever the document asks for, the code made from it runs, and its bodies are as asked."""

from __future__ import annotations

import ast
import json
import sys
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from acme.partner_api import written
from console.exit_codes import CommandError
from firehose import EventProcessingRequest, decode
from probe.check_requests import request_named
from tests.workbench.partner_api.documents import content
from workbench.partner_api.api_choices import event_list
from workbench.partner_api.api_document import ApiDocument
from workbench.partner_api.content_source import BodyShape, content_source
from workbench.partner_api.field_sources import FieldSources
from workbench.partner_api.typed_bodies import BodyClasses, class_name, python_name, source_of

PACKAGE = "made_for_a_test"
KNOWN = (
    "id",
    "eventId",
    "name",
    "type",
    "timestamp",
    "occurredAt",
    "userId",
    "email",
    "properties",
)
LEAVES: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "string", "minLength": 3},
    {"type": "string", "format": "date-time"},
    {"enum": ["a, b", 'c"d']},
    {"enum": [1, 2]},
    {"type": "integer", "minimum": 5},
    {"type": "number"},
    {"type": "boolean"},
    {"type": ["string", "null"]},
    {"type": "array", "items": {"type": "string"}},
    {"type": "object", "additionalProperties": True},
    {"type": "string", "description": '"""\n\\'},
]

PRINTABLE = st.characters(exclude_categories=("C", "Z"), exclude_characters='"\\')


def objects(inner: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    names = st.sampled_from(KNOWN) | st.text(PRINTABLE, max_size=8)
    return st.dictionaries(names, inner, min_size=1, max_size=4).flatmap(
        lambda properties: st.sets(st.sampled_from(sorted(properties))).map(
            lambda required: {
                "type": "object",
                "properties": properties,
                "required": sorted(required),
                "additionalProperties": False,
            }
        )
    )


leaves = st.sampled_from([it for it in LEAVES if it.get("enum") != [1, 2]])
events = objects(st.recursive(leaves, objects, max_leaves=4))


def bodies_by(schema: dict[str, Any]) -> tuple[list[Any], ApiDocument]:
    """Make the code for a body, run it over a batch, and give what it would send."""
    document = ApiDocument(content=content(schema))
    (operation,) = document.operations
    found = event_list(operation, document)
    classes = BodyClasses(document)
    around = classes.of_object(schema, "Body") if found and found.field else None
    event = classes.of_object(found.item if found else schema, "Event")
    sources = FieldSources(classes)
    shape = BodyShape(event=event, events=found, around=around)
    made = content_source(shape, sources, package=PACKAGE)
    package, module = ModuleType(PACKAGE), ModuleType(f"{PACKAGE}.bodies")
    sys.modules[PACKAGE], sys.modules[module.__name__] = package, module
    vars(package)["bodies"] = module
    try:
        run("\n".join(source_of(classes, secret=sources.secret)), vars(module))
        namespace: dict[str, Any] = {"__name__": f"{PACKAGE}.content"}
        run(made, namespace)
        request = decode(request_named("event_processing_request"))
        assert isinstance(request, EventProcessingRequest)
        return [json.loads(written(body)) for body in namespace["bodies_of"](request)], document
    finally:
        del sys.modules[PACKAGE], sys.modules[module.__name__]


def run(source: str, namespace: dict[str, Any]) -> None:
    beginning = (
        "from __future__ import annotations\nfrom datetime import datetime\n"
        "from typing import Any, Literal\nimport msgspec\nfrom firehose import Secret\n"
    )
    exec(compile(beginning + source.replace("from __future__", "#", 1), PACKAGE, "exec"), namespace)  # noqa: S102 - what is under test


@given(event=events, most=st.none() | st.integers(min_value=1, max_value=3), field=st.booleans())
def test_bodies_are_as_the_document_says_and_no_longer_than_it_allows(
    event: dict[str, Any], most: int | None, field: bool
) -> None:
    rows = {"type": "array", "items": event} | ({"maxItems": most} if most else {})
    body = {"type": "object", "properties": {"rows": rows}, "required": ["rows"]}

    made, document = bodies_by(body if field else rows)

    validator = document.validator(document.operations[0].pointer)
    assert [error.message for it in made for error in validator.iter_errors(it)] == []
    assert sum(len(it["rows"] if field else it) for it in made) == 3


@given(event=events)
def test_event_that_is_a_body_of_its_own_is_as_the_document_says(event: dict[str, Any]) -> None:
    made, document = bodies_by(event)

    validator = document.validator(document.operations[0].pointer)
    assert [error.message for it in made for error in validator.iter_errors(it)] == []
    assert made


@given(st.text())
@example("false")
@example("None")
def test_names_are_names_of_python_whatever_the_document_calls_them(text: str) -> None:
    tree = ast.parse(f"class {class_name(text)}:\n    {python_name(text)}: int")

    assert isinstance(tree.body[0], ast.ClassDef)


@pytest.mark.parametrize(
    ("wire", "python"),
    [
        ("eventId", "event_id"),
        ("user-id", "user_id"),
        ("HTTPStatus", "http_status"),
        ("class", "class_"),
        ("2nd", "field_2_nd"),
        ("$set", "set"),
        ("", "field"),
    ],
)
def test_fields_are_called_as_python_calls_them(wire: str, python: str) -> None:
    assert python_name(wire) == python


@pytest.mark.parametrize("name", ['"', "\\", "a\nb", "\x00"])
def test_name_that_no_field_can_have_is_told(name: str) -> None:
    schema = {"type": "object", "properties": {name: {"type": "string"}}}

    with pytest.raises(CommandError, match="has a field named"):
        bodies_by(schema)


def test_fields_inside_an_object_are_filled_as_others_are() -> None:
    schema = {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["event", "properties"],
            "properties": {
                "event": {"type": "string"},
                "properties": {
                    "type": "object",
                    "required": ["time", "distinct_id"],
                    "properties": {
                        "time": {"type": "integer", "description": "Seconds since 1970"},
                        "distinct_id": {"type": "string"},
                        "more": {"type": "object", "properties": {"id": {"type": "string"}}},
                    },
                },
                "nobody_knows": {"type": "object", "properties": {"x": {"type": "string"}}},
            },
        },
    }

    ((first, *_),), _ = bodies_by(schema)

    assert set(first) == {"event", "properties"}
    assert set(first["properties"]) == {"time", "distinct_id", "more"}
    assert first["properties"]["distinct_id"] == "probe-customer"
    assert first["properties"]["time"] < 10**10
    assert set(first["properties"]["more"]) == {"id"}
