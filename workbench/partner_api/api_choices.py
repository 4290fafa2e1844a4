"""What a scaffold takes from an OpenAPI document: operation, key, regional hosts, batch limit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from console.exit_codes import UsageError
from plan.mparticle import PODS
from workbench.partner_api.api_document import ApiDocument, ApiOperation, ApiServer, Node

Place = Literal["header", "query"]

_WRITES = ("POST", "PUT", "PATCH")
_ABOUT_EVENTS = re.compile(
    r"event|track|batch|ingest|collect|bulk|activit|message|import|upload", re.IGNORECASE
)
_REGION_WORDS = {
    "EU1": re.compile(r"\b(eu\d?|europe|frankfurt|fra|dub|eu-central-1|germany)\b", re.IGNORECASE),
    "AU1": re.compile(r"\b(au\d?|apac|ap|australia|sydney|syd|ap-southeast-2)\b", re.IGNORECASE),
    "US1": re.compile(r"\b(us\d?|america|usa|virginia|iad|us-east-1)\b", re.IGNORECASE),
}
"""How hosts and their descriptions call the regions of mParticle's pods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """Where the customer's key goes, and what stands before it: `Bearer ` or nothing."""

    place: Place
    name: str
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventList:
    """Where the events are in a body: `field` names the list, none where the body is the list.

    `most` is how many a call may have, none where the document sets no limit.
    """

    field: str | None
    most: int | None
    item: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiChoices:
    """Everything that a scaffold needs to know. `events` is none where a call takes one event.

    `url` is none where the document names no host; `regional` has the others by AWS region.
    """

    operation: ApiOperation
    others: Sequence[str]
    key: ApiKey
    key_is_documented: bool
    url: str | None
    regional: dict[str, str]
    events: EventList | None


def choices_of(document: ApiDocument, operation: str | None = None) -> ApiChoices:
    """Choose what events are sent with: the operation that is named, or the likeliest.

    Raises `UsageError` when there is none with that name, or none at all.
    """
    able = [it for it in document.operations if _can_take_events(it)]
    names = [it.name for it in able]
    if not able or operation not in {None, *names}:
        found = f"--operation: found {operation}" if able else "the document has no operation"
        raise UsageError(
            f"{found}; allowed: {', '.join(names) or 'POST, PUT or PATCH with a JSON body'}",
            next_step="name one whose path has no parameters and whose body is JSON",
        )
    chosen = next((it for it in able if it.name == operation), None)
    chosen = chosen or max(able, key=lambda it: _likelihood(it, document))
    key = _key(chosen, document)
    url, regional = _hosts(document.servers)
    return ApiChoices(
        operation=chosen,
        others=[name for name in names if name != chosen.name],
        key=key or ApiKey(place="header", name="Authorization", before="Bearer "),
        key_is_documented=key is not None,
        url=url,
        regional=regional,
        events=event_list(chosen, document),
    )


def taken(choices: ApiChoices) -> Iterator[str]:
    """Say in a line each what was chosen, and what the document left open."""
    operation, events, key = choices.operation, choices.events, choices.key
    if events is None:
        size = "one a call"
    else:
        size = f"at most {events.most} a call" if events.most else "all of a batch in one call"
    yield f"Events: {operation.method} {operation.path} ({operation.name}), {size}"
    if choices.others:
        yield f"  --operation chooses another: {', '.join(choices.others)}"
    shown = f"{key.place} {key.name}: {key.before}<key>"
    yield f"Key: {shown}" if choices.key_is_documented else f"Key: {shown}, as none is documented"
    yield f"URL: {choices.url or 'none is documented; give it with --url'}"
    for region, url in choices.regional.items():
        yield f"  {region}: {url}"


def event_list(operation: ApiOperation, document: ApiDocument) -> EventList | None:
    """Find the list of objects in an operation's body."""
    schema = document.merged(operation.schema or {})
    if found := _list_of_objects(schema, None, document):
        return found
    lists = [
        found
        for name, inner in schema.get("properties", {}).items()
        if (found := _list_of_objects(document.merged(inner), name, document))
    ]
    return max(lists, key=lambda it: _is_about_events(it.field or ""), default=None)


def _list_of_objects(schema: Node, field: str | None, document: ApiDocument) -> EventList | None:
    item = schema.get("items")
    if not isinstance(item, dict) or "properties" not in document.merged(item):
        return None
    return EventList(field=field, most=schema.get("maxItems"), item=item)


def _can_take_events(operation: ApiOperation) -> bool:
    return (
        operation.method in _WRITES and operation.schema is not None and "{" not in operation.path
    )


def _likelihood(operation: ApiOperation, document: ApiDocument) -> tuple[int, ...]:
    return (
        2 * _is_about_events(operation.path)
        + _is_about_events(operation.words)
        + (event_list(operation, document) is not None),
    )


def _is_about_events(text: str) -> bool:
    return _ABOUT_EVENTS.search(text) is not None


def _key(operation: ApiOperation, document: ApiDocument) -> ApiKey | None:
    """Read where the key goes; none where the document does not say, or needs more than one."""
    schemes = [
        document.security_scheme(name)
        for requirement in operation.security
        if len(requirement) == 1
        for name in requirement
    ]
    return next((key for scheme in schemes if (key := _key_of(scheme))), None)


def _key_of(scheme: Node) -> ApiKey | None:
    match scheme:
        case {"type": "apiKey", "in": "header", "name": str(name)}:
            return ApiKey(place="header", name=name)
        case {"type": "apiKey", "in": "query", "name": str(name)}:
            return ApiKey(place="query", name=name)
        case {"type": "http", "scheme": str(kind)} if kind.lower() != "basic":
            return ApiKey(place="header", name="Authorization", before=f"{kind.capitalize()} ")
        case {"type": "oauth2" | "openIdConnect"}:
            return ApiKey(place="header", name="Authorization", before="Bearer ")
    return None


def _hosts(servers: Sequence[ApiServer]) -> tuple[str | None, dict[str, str]]:
    """Give the default URL, and those of regions that have one of their own."""
    usable = [it for it in servers if it.url.startswith("https://")]
    if not usable:
        return None, {}
    default = usable[0].url
    regional: dict[str, str] = {}
    for server in usable[1:]:
        host = server.url.removeprefix("https://")
        for pod, words in _REGION_WORDS.items():
            if words.search(host.partition("/")[0]) or words.search(server.words):
                regional.setdefault(PODS[pod].region, server.url)
    return default, {region: url for region, url in regional.items() if url != default}
