"""A call that the document does not describe is told, without the values that it carries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.service_calls import ReceivedCall
from tests.workbench.partner_api.documents import EVENT, LOYALTY, document
from workbench.partner_api.api_document import read_document
from workbench.partner_api.call_check import problems_of

GOOD_EVENT = {
    "eventId": "6f0d5f8e-0f4c-4b8e-9f0b-0d6a3f1c7b01",
    "memberId": "m-1",
    "name": "Signed up",
    "occurredAt": "2026-01-01T00:00:00Z",
    "weight": 1,
}
DOCUMENT = read_document(LOYALTY)


def call(
    *,
    method: str = "PUT",
    path: str = "/v2/events",
    body: object = None,
    without: str = "",
    **headers: str,
) -> ReceivedCall:
    given_headers = {"x-loyalty-key": "canary", "content-type": "application/json", **headers}
    given_headers.pop(without, None)
    content = {"source": "mparticle", "events": [GOOD_EVENT]} if body is None else body
    return ReceivedCall(
        method=method,
        path=path,
        headers=given_headers,
        body=content if isinstance(content, bytes) else json.dumps(content).encode(),
    )


def batch(**changes: Any) -> dict[str, Any]:
    return {"source": "mparticle", "events": [GOOD_EVENT | changes]}


@pytest.mark.parametrize("path", ["/v2/events", "/events", "/v2/events?dry=1"])
def test_call_as_described_has_no_problems(path: str) -> None:
    assert problems_of(call(path=path), DOCUMENT) == []


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"path": "/v2/event"}, "/v2/event is no path of the document; /events is"),
        ({"method": "POST"}, "POST is not allowed at /events; the document has PUT"),
        ({"without": "x-loyalty-key"}, "the key is missing: header X-Loyalty-Key"),
        ({"body": b""}, "the body is missing"),
        ({"body": b"{"}, "the body is no JSON"),
        ({"without": "content-type"}, "the body is of no type; the document has application/json"),
        ({"body": {"source": "mparticle"}}, "$: events is missing"),
        ({"body": batch(weight=0)}, "$.events[0].weight: minimum has to be 1"),
        ({"body": batch(weight="canary")}, "$.events[0].weight: type has to be integer"),
        (
            {"body": batch(occurredAt="canary")},
            "$.events[0].occurredAt: format has to be date-time",
        ),
        ({"body": batch(more="canary")}, "$.events[0]: breaks additionalProperties"),
        (
            {"body": {"source": "mparticle", "events": [GOOD_EVENT] * 51}},
            "$.events: 51 items, at most 50",
        ),
        ({"body": {"source": "canary", "events": []}}, "$.source: breaks enum"),
    ],
)
def test_each_departure_is_told_with_its_place_and_no_value(
    changed: dict[str, Any], problem: str
) -> None:
    (told,) = problems_of(call(**changed), DOCUMENT)

    assert told.removeprefix("PUT /events: ") == problem
    assert "canary" not in told


@pytest.mark.parametrize(
    ("scheme", "path", "headers", "holds"),
    [
        ({"type": "http", "scheme": "bearer"}, "/events", {"authorization": "Bearer x"}, True),
        ({"type": "http", "scheme": "bearer"}, "/events", {"authorization": "Basic x"}, False),
        ({"type": "http", "scheme": "basic"}, "/events", {"authorization": "Basic x"}, True),
        ({"type": "apiKey", "in": "query", "name": "key"}, "/events?key=x", {}, True),
        ({"type": "apiKey", "in": "query", "name": "key"}, "/events?k=x", {}, False),
        ({"type": "apiKey", "in": "cookie", "name": "key"}, "/events", {}, False),
        ({"type": "apiKey", "in": "cookie", "name": "key"}, "/events", {"cookie": "key=x"}, True),
        ({"type": "oauth2", "flows": {}}, "/events", {"authorization": "Bearer x"}, True),
    ],
)
def test_key_has_to_be_where_the_document_reads_it(
    tmp_path: Path, *, scheme: dict[str, Any], path: str, headers: dict[str, str], holds: bool
) -> None:
    made = document(tmp_path, EVENT, scheme=scheme)

    problems = problems_of(call(method="POST", path=path, body={"id": "1"}, **headers), made)

    assert (problems == []) is holds


def test_parameters_that_have_to_be_there_are_looked_for(tmp_path: Path) -> None:
    parameters = [
        {"name": "X-Trace", "in": "header", "required": True, "schema": {"type": "string"}},
        {"name": "mode", "in": "query", "required": True, "schema": {"type": "string"}},
        {"name": "more", "in": "query", "schema": {"type": "string"}},
    ]
    made = document(tmp_path, EVENT, parameters=parameters)

    assert problems_of(call(method="POST", path="/events", body={"id": "1"}), made) == [
        "POST /events: header X-Trace is missing",
        "POST /events: query mode is missing",
    ]


def test_path_that_is_written_out_goes_before_a_template(tmp_path: Path) -> None:
    kind = {"name": "kind", "in": "path", "required": True, "schema": {"type": "string"}}
    made = document(tmp_path, EVENT, path="/{kind}", parameters=[kind])
    body = made.content["paths"]["/{kind}"]["post"]["requestBody"]
    made.content["paths"]["/batch"] = {
        "put": {"requestBody": body, "responses": {"200": {"description": "Taken"}}}
    }

    assert problems_of(call(method="PUT", path="/batch", body={"id": "1"}), made) == []
    assert problems_of(call(method="POST", path="/other", body={"id": "1"}), made) == []
    assert problems_of(call(method="POST", path="/batch", body={"id": "1"}), made) == [
        "POST is not allowed at /batch; the document has PUT"
    ]


@given(
    body=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    ),
    path=st.text(),
)
def test_any_call_is_judged_and_a_wrong_body_has_problems(body: object, path: str) -> None:
    assert problems_of(call(body=[body]), DOCUMENT) != []
    assert isinstance(problems_of(call(path=f"/{path}", body=body), DOCUMENT), list)
