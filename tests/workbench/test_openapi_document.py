"""The OpenAPI document says what the endpoint does: held against samples, statuses and chance."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from endpoint.front_door import FrontDoor
from local.service_calls import always
from tests.aws.endpoint_secret import Secret
from tests.endpoint.http_events import GOOD, TOKEN, posted
from tests.workbench.partner_code import MESSAGES, planned
from tests.workbench.schema_values import values_of
from workbench.openapi_document import openapi
from workbench.trial_stage import stage

ROOT = Path(__file__).parents[2]
SDK_SAMPLES = ROOT.parent / "shared" / "firehose-sdk-3.2.0" / "examples"
DOCUMENT = openapi("https://firehose.acme.example")
PATHS = sorted(path.strip("/") for path in DOCUMENT["paths"])


def schema(reference: dict[str, Any]) -> dict[str, Any]:
    return {**reference, "components": DOCUMENT["components"]}


def operation(path: str) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][f"/{path}"]["post"]
    return found


def body_schema(content: dict[str, Any]) -> dict[str, Any]:
    return schema(content["content"]["application/json"]["schema"])


def message_files() -> list[Path]:
    own = [*MESSAGES.glob("*.json"), *(ROOT / "tests" / "firehose" / "messages").glob("*.json")]
    return sorted([*own, *SDK_SAMPLES.glob("*.json")])


def test_document_is_valid_openapi() -> None:
    validate(DOCUMENT)


@pytest.mark.parametrize("file", message_files(), ids=lambda file: file.stem)
def test_every_sample_is_valid_by_the_schema_of_its_type(file: Path) -> None:
    message = json.loads(file.read_bytes())
    name = "".join(part.capitalize() for part in message["type"].split("_"))

    Draft202012Validator(schema({"$ref": f"#/components/schemas/{name}"})).validate(message)


@pytest.mark.parametrize(
    ("path", "change"),
    [
        ("events", {"type": "dsr_processing_request"}),
        ("events", {"events": {}}),
        ("events", {"id": "not-a-guid"}),
        ("events", {"events": [{"type": "custom_event", "attributes": []}]}),
        ("events", {"user_identities": [{"type": "email", "encoding": "raw"}]}),
    ],
)
def test_what_the_endpoint_refuses_is_not_valid(path: str, change: dict[str, Any]) -> None:
    message = json.loads((MESSAGES / "event_processing_request.json").read_bytes()) | change

    valid = Draft202012Validator(body_schema(operation(path)["requestBody"])).is_valid(message)

    assert not valid


def test_what_is_newer_than_this_package_is_valid() -> None:
    message = json.loads((MESSAGES / "event_processing_request.json").read_bytes())
    message["new_field"] = 1
    message["events"].append({"type": "new_kind", "anything": {}})
    message["user_identities"].append({"type": "new_id", "encoding": "raw", "value": "x"})

    Draft202012Validator(body_schema(operation("events")["requestBody"])).validate(message)


def test_every_status_that_the_code_and_the_page_name_is_documented() -> None:
    in_code = {
        node.args[0].value
        for name in ("front_door", "http_request")
        for node in ast.walk(ast.parse((ROOT / f"lambda_src/endpoint/{name}.py").read_text()))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "HttpRefusal"
        and isinstance(node.args[0], ast.Constant)
    }
    page = (ROOT / "docs" / "delivery.md").read_text()
    table = page[page.index("| what fails |") : page.index("## Metrics")]
    on_page = {
        int(status)
        for row in table.splitlines()
        if row.startswith("|")
        for status in re.findall(r"\b[45]\d\d\b", row.rstrip("|").rpartition("|")[2])
    }

    for path in PATHS:
        documented = {int(status) for status in operation(path)["responses"]}
        exempt = {401} if path == "registration" else set()
        assert {200} | (in_code | on_page) - exempt == documented


@pytest.fixture(scope="module")
def door() -> Iterator[FrontDoor]:
    """Give the example behind the endpoint, with a service that answers."""
    with stage(planned(), service=always("ok")) as runner:
        endpoint = runner.endpoint
        yield FrontDoor(
            endpoint.integration,
            acceptance=endpoint.acceptances["https"],
            tokens=Secret([TOKEN]).tokens(),
        )


ALLOWED = {path: values_of(body_schema(operation(path)["requestBody"]), DOCUMENT) for path in PATHS}


@pytest.mark.parametrize("path", PATHS)
@settings(
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(data=st.data())
def test_what_the_document_allows_is_never_answered_500(
    door: FrontDoor, path: str, data: st.DataObject
) -> None:
    message = data.draw(ALLOWED[path])

    response = door.answer(posted(json.dumps(message), path=path, headers=GOOD))

    status = str(response["statusCode"])
    assert status in operation(path)["responses"]
    assert status != "500", message
    documented = body_schema(operation(path)["responses"][status])
    Draft202012Validator(documented).validate(json.loads(response["body"]))
