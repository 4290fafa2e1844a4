"""A call that an integration made, held against the OpenAPI document of the API it calls."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs, urlsplit

from local.service_calls import ReceivedCall
from workbench.partner_api.api_document import ApiDocument, ApiOperation, Node

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

_PARAMETER = re.compile(r"\{[^{}/]+\}")


def problems_of(call: ReceivedCall, document: ApiDocument) -> list[str]:
    """Say what the document does not allow about a call, without quoting values of it."""
    path, _, sent = call.path.partition("?")
    found = _operations_at(path, document)
    if not found:
        paths = {operation.path for operation in document.operations}
        near = get_close_matches(path, paths, n=1, cutoff=0.5)
        return [f"{path} is no path of the document{f'; {near[0]} is' if near else ''}"]
    operation = next((it for it in found if it.method == call.method), None)
    if operation is None:
        allowed = ", ".join(it.method for it in found)
        return [f"{call.method} is not allowed at {found[0].path}; the document has {allowed}"]
    query = parse_qs(sent, keep_blank_values=True)
    return [
        f"{operation.method} {operation.path}: {problem}"
        for problem in (
            *_parameters(call, query, operation),
            *_security(call, query, operation, document),
            *_body(call, operation, document),
        )
    ]


def _operations_at(path: str, document: ApiDocument) -> list[ApiOperation]:
    """Find the operations of a path, below any server's own; written-out ones before templates."""
    bases = {urlsplit(server.url).path.rstrip("/") for server in document.servers} | {""}
    below = {path.removeprefix(base) for base in bases if path.startswith(f"{base}/")}
    matching = [it for it in document.operations if any(_matches(it.path, one) for one in below)]
    fewest = min((it.path.count("{") for it in matching), default=0)
    return [it for it in matching if it.path.count("{") == fewest]


def _matches(template: str, path: str) -> bool:
    parts = _PARAMETER.split(template)
    return re.fullmatch("[^/]+".join(map(re.escape, parts)), path) is not None


def _parameters(
    call: ReceivedCall, query: dict[str, list[str]], operation: ApiOperation
) -> Iterator[str]:
    present = {"header": call.headers, "query": query}
    for parameter in operation.parameters:
        place = parameter["in"]
        name = parameter["name"].lower() if place == "header" else parameter["name"]
        if parameter.get("required") and name not in present.get(place, {name: ""}):
            yield f"{place} {parameter['name']} is missing"


def _security(
    call: ReceivedCall, query: dict[str, list[str]], operation: ApiOperation, document: ApiDocument
) -> Iterator[str]:
    """Say what is missing of every way to prove who calls, where none is there as a whole."""
    missing = [
        [
            lacking
            for name in requirement
            if (lacking := _lacking(call, query, document.security_scheme(name)))
        ]
        for requirement in operation.security
    ]
    if missing and all(missing):
        yield " or ".join(" and ".join(one) for one in missing)


def _lacking(call: ReceivedCall, query: dict[str, list[str]], scheme: Node) -> str | None:
    kind, place, name = scheme.get("type"), scheme.get("in"), str(scheme.get("name", ""))
    if kind == "apiKey" and place == "query":
        return None if name in query else f"the key is missing: query {name}"
    if kind == "apiKey":
        header = name if place == "header" else "cookie"
        return None if header.lower() in call.headers else f"the key is missing: header {header}"
    wanted = str(scheme.get("scheme", "bearer")) if kind == "http" else "bearer"
    given = call.headers.get("authorization", "").partition(" ")[0]
    if given.lower() == wanted.lower():
        return None
    return f"the key is missing: header Authorization: {wanted.capitalize()}"


def _body(call: ReceivedCall, operation: ApiOperation, document: ApiDocument) -> Iterator[str]:
    if not call.body:
        if operation.body_is_required:
            yield "the body is missing"
        return
    given = call.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not any(_covers(it, given) for it in operation.media_types):
        allowed = ", ".join(operation.media_types) or "none"
        yield f"the body is {given or 'of no type'}; the document has {allowed}"
    elif operation.schema is not None:
        try:
            content = json.loads(call.body)
        except ValueError:
            yield "the body is no JSON"
            return
        for error in document.validator(operation.pointer).iter_errors(content):
            yield f"{error.json_path}: {_reason(error)}"


def _covers(media_type: str, given: str) -> bool:
    pattern = media_type.partition(";")[0].strip().lower()
    return re.fullmatch(re.escape(pattern).replace(r"\*", "[^/]*"), given) is not None


def _reason(error: ValidationError) -> str:
    """Say which rule is broken by what the schema says; jsonschema's own words quote the value."""
    rule, says = str(error.validator), error.validator_value
    value: Any = error.instance
    if rule == "required":
        missing = [name for name in cast("list[str]", says) if name not in value]
        return f"{', '.join(missing)} is missing"
    if rule == "maxItems":
        return f"{len(value)} items, at most {says}"
    if rule in {"type", "format", "minLength", "maxLength", "minItems", "minimum", "maximum"}:
        return f"{rule} has to be {says}"
    return f"breaks {rule}"
