"""`firehose new --openapi`: an integration that speaks to the API as its document says."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_api.documents import EVENT, LOYALTY, content, written
from tests.workbench.working_copy import WorkingCopy


def checked(copy: WorkingCopy, *command: str) -> subprocess.CompletedProcess[str]:
    """Run a check of `make check` on the new files; the guide's rehearsal runs the others."""
    result = copy.run(sys.executable, "-m", *command, "lambda_src/globex", "tests/globex")
    assert result.returncode == 0, result.stdout
    return result


def golden_calls(copy: WorkingCopy) -> list[dict[str, Any]]:
    file = copy.folder / "tests" / "globex" / "golden" / "events.golden.json"
    calls: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))["calls"]
    return calls


def test_integration_calls_the_api_as_documented_in_the_house_format(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    made = firehose_here("new", "globex", "--openapi", str(LOYALTY), "--setting", "auth-token")

    assert made.returncode == 0, made.stderr
    assert "Events: PUT /events (putEvents), at most 50 a call" in made.stderr
    assert copy.files("tests/globex") == [
        "golden/events.golden.json",
        "golden/events.json",
        "openapi.yaml",
        "test_content.py",
        "test_registration.py",
    ]
    (call,) = golden_calls(copy)
    assert (call["method"], call["path"]) == ("PUT", "/v2/events")
    assert call["headers"]["x-loyalty-key"] == "<auth-token>"
    assert call["body"]["source"] == "mparticle"
    assert call["body"]["events"][1] == {
        "eventId": "6f0d5f8e-0f4c-4b8e-9f0b-0d6a3f1c7b02",
        "memberId": "probe-customer",
        "name": "Lesson finished",
        "occurredAt": "2025-11-24T15:59:55Z",
        "weight": 1,
        "email": "probe@example.com",
        "properties": {"lesson": "12", "score": "88"},
    }
    chosen = tomllib.loads((copy.folder / "deployment.toml").read_text("utf-8"))
    assert chosen["environment"]["PARTNER_API_URL"] == "https://api.loyalty.test/v2"
    eu = chosen["regions"]["eu-central-1"]["environment"]
    assert eu == {"PARTNER_API_URL": "https://eu.api.loyalty.test/v2"}
    checked(copy, "ruff", "check", "--no-cache")
    checked(copy, "ruff", "format", "--check", "--no-cache")


TEXT = {"type": "string"}
ODD_NAMES = ("user-id", "user_id", "2nd", "acme", "apiKey", "$set", "class", "données")
DOCUMENTS: dict[str, dict[str, Any]] = {
    "a bare list, with its key in the query": content(
        {"type": "array", "maxItems": 2, "items": EVENT},
        scheme={"type": "apiKey", "in": "query", "name": "api_key"},
    ),
    "one event a call": content(EVENT, scheme={"type": "http", "scheme": "bearer"}),
    "no limit, OpenAPI 3.0": content(
        {"type": "object", "properties": {"events": {"type": "array", "items": EVENT}}},
        version="3.0.3",
    ),
    "what has to be there and nobody knows": content(
        {
            "type": "object",
            "required": ["kind", "inner", "tags", "rate", "sure", "at", "class", "none", "ids"],
            "additionalProperties": False,
            "properties": {
                "kind": {"enum": ["a", "b"]},
                "inner": {"type": "object", "required": ["deep"], "properties": {"deep": TEXT}},
                "tags": {"type": "array", "items": TEXT},
                "rate": {"type": "number", "minimum": 2},
                "sure": {"type": "boolean"},
                "at": {"type": "integer", "description": "Unix time in seconds"},
                "class": {"type": "string", "minLength": 3},
                "none": {"type": ["string", "null"]},
                "ids": {"type": "object", "additionalProperties": TEXT},
            },
        }
    ),
    "names and words that are no Python": content(
        {
            "type": "object",
            "description": '"""\nraise SystemExit\n"""\\',
            "required": list(ODD_NAMES),
            "properties": dict.fromkeys(ODD_NAMES, TEXT),
        },
    ),
    "itself": content(
        {"$ref": "#/components/schemas/Node"},
        schemas={
            "Node": {
                "allOf": [EVENT],
                "properties": {"parent": {"$ref": "#/components/schemas/Node"}},
            }
        },
    ),
}


@pytest.mark.parametrize("made", [pytest.param(it, id=name) for name, it in DOCUMENTS.items()])
def test_calls_of_a_new_integration_are_those_of_its_document(
    firehose_here: FirehoseHere, copy: WorkingCopy, tmp_path: Path, made: dict[str, Any]
) -> None:
    file = written(tmp_path, made)

    result = firehose_here("new", "globex", "--openapi", str(file))
    contract = firehose_here("contract", "--check", "documented_calls", "--format", "json")

    assert result.returncode == 0, result.stderr
    assert contract.returncode == 0, contract.stderr
    (outcome,) = json.loads(contract.stdout)
    assert outcome["outcome"] == "passed"
    assert "as openapi.json describes them" in outcome["reason"]
    assert golden_calls(copy)
    checked(copy, "ruff", "check", "--no-cache")
    checked(copy, "ruff", "format", "--check", "--no-cache")


@pytest.mark.parametrize(
    ("changed", "into", "told"),
    [
        ('"PUT"', '"POST"', "POST is not allowed at /events; the document has PUT"),
        ("X-Loyalty-Key", "X-Other", "the key is missing: header X-Loyalty-Key"),
        ("application/json", "text/plain", "the body is text/plain"),
    ],
)
def test_contract_tells_a_call_that_the_document_does_not_describe(
    firehose_here: FirehoseHere, copy: WorkingCopy, *, changed: str, into: str, told: str
) -> None:
    firehose_here("new", "globex", "--openapi", str(LOYALTY))
    file = copy.folder / "lambda_src" / "globex" / "partner_api.py"
    file.write_text(file.read_text("utf-8").replace(changed, into), "utf-8")

    result = firehose_here("contract", "--check", "documented_calls")

    assert result.returncode == 1
    assert f"documented_calls: {told}" in result.stderr.replace("PUT /events: ", "")
    assert "put your API's present document in place of tests/globex/openapi.yaml" in result.stderr


def test_url_of_ones_own_goes_before_the_documents(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    firehose_here(
        "new", "globex", "--openapi", str(LOYALTY), "--url", "https://test.loyalty.test/v9"
    )

    assert golden_calls(copy)[0]["path"] == "/v9/events"


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--operation", "putEvents"), "--operation: found without --openapi"),
        (("--openapi", "missing.yaml"), "missing.yaml: No such file"),
        (
            ("--openapi", str(LOYALTY), "--operation", "x"),
            "--operation: found x; allowed: putEvents",
        ),
    ],
)
def test_what_cannot_be_taken_is_wrong_usage_and_writes_nothing(
    firehose_here: FirehoseHere, copy: WorkingCopy, options: tuple[str, ...], told: str
) -> None:
    before = copy.files(".")

    result = firehose_here("new", "globex", *options)

    assert result.returncode == 2
    assert told in result.stderr
    assert copy.files(".") == before


def test_example_that_was_changed_is_told_and_nothing_is_written(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    client = copy.folder / "lambda_src" / "acme" / "partner_api.py"
    client.write_text(client.read_text("utf-8").replace('"POST", path', '"PUT", path'), "utf-8")

    made = firehose_here("new", "globex", "--openapi", str(LOYALTY))

    assert made.returncode == 1
    assert "it has not once '\"POST\", path'" in made.stderr
    assert "Next: get lambda_src/acme" in made.stderr
    assert not (copy.folder / "lambda_src" / "globex").exists()
