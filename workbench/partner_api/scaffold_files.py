"""The files of an integration whose API has an OpenAPI document, made from the minimal ones."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from plan.function import SOURCE_PACKAGE
from workbench.partner_api.api_choices import ApiChoices, ApiKey, EventList
from workbench.partner_api.api_document import ApiDocument
from workbench.partner_api.field_sources import FieldSources
from workbench.partner_api.typed_bodies import (
    BodyClass,
    BodyClasses,
    class_name,
    python_name,
    source_of,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiScaffold:
    """A document by its file, what is taken from it, and the package that is made."""

    file: Path
    document: ApiDocument
    choices: ApiChoices
    package: str


_CODE, _TESTS = Path(SOURCE_PACKAGE), Path("tests")
_LIMIT_TEXT = '"""How many events a call may have, as the OpenAPI document says."""\n'
_BODIES = '''"""What the API takes, as its OpenAPI document describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from firehose import Secret
'''
_CONTENT = '''"""What the API is told about a batch: the bodies of the calls."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from {package} import bodies
from firehose import (
    CustomEvent,
    Event,
    EventProcessingRequest,
    RejectedMessage,
    ScreenViewEvent,
    Secret,
    UserIdentityType,
)
'''
_HELPERS = {
    "_name(": '''

def _name(event: Event) -> str:
    """Give what the app called it; its kind where the app gives no name."""
    match event:
        case CustomEvent():
            return event.name or event.type
        case ScreenViewEvent():
            return event.screen_name or event.type
        case _:
            return event.type
''',
    "_attributes(": """

def _attributes(event: Event) -> dict[str, Any]:
    match event:
        case CustomEvent() | ScreenViewEvent():
            return {name: text for name, text in event.attributes.items() if text is not None}
        case _:
            return {}
""",
    "_required(": '''

def _required(request: EventProcessingRequest, kind: UserIdentityType) -> Secret:
    """Give an id that the API asks for; mParticle sends nobody without it, as registered."""
    if value := _person(request, kind):
        return value
    raise RejectedMessage(f"the user has no {kind}, which the API asks for")
''',
    "_person(": """

def _person(request: EventProcessingRequest, kind: UserIdentityType) -> Secret | None:
    return next((one.value for one in request.user_identities if one.type == kind), None)
""",
}
"""What the arguments call, each written where something does; former ones call later ones."""


def api_files(minimal: Mapping[Path, str], api: ApiScaffold) -> dict[Path, str]:
    """Give the files that are new or differ from the `minimal` ones of the package.

    Paths are those of the minimal ones, without the package's name.
    """
    choices = api.choices
    classes = BodyClasses(api.document)
    schema = choices.operation.schema or {}
    events = choices.events
    body = None
    if events is None or events.field:
        body = classes.of_object(
            schema, f"{class_name(choices.operation.name.rpartition(' ')[2])}Body"
        )
    event = classes.of_object(events.item, "Event") if events else None
    sources = FieldSources(classes)
    content = _content(choices, sources, package=api.package, body=body, event=event)
    return {
        _CODE / "bodies.py": f"{_BODIES}{_lines(source_of(classes, secret=sources.secret))}",
        _CODE / "content.py": content,
        _CODE / "partner_api.py": _api(minimal[_CODE / "partner_api.py"], choices),
        _CODE / "__init__.py": _integration(minimal[_CODE / "__init__.py"], api),
        _CODE / "registration.py": _registration(minimal[_CODE / "registration.py"], sources),
        **(
            {_TESTS / "test_content.py": _test(events, api.package)}
            if events and events.most
            else {}
        ),
    }


def _content(
    choices: ApiChoices,
    sources: FieldSources,
    *,
    package: str,
    body: BodyClass | None,
    event: BodyClass | None,
) -> str:
    functions = _lines(_functions(choices, sources, body=body, event=event))
    for call, helper in _HELPERS.items():
        if call in functions:
            functions += helper
    most = choices.events.most if choices.events else None
    limit = f"\nMOST_EVENTS = {most}\n" + _LIMIT_TEXT if most else ""
    return f"{_CONTENT.format(package=package)}{limit}{functions}"


def _functions(
    choices: ApiChoices, sources: FieldSources, *, body: BodyClass | None, event: BodyClass | None
) -> Iterator[str]:
    """Write what makes the bodies: one for each event, one for all, or one for as many as fit."""
    if event is None:
        one = body or BodyClass(name="Event", text="", fields=())
        each, function = _of_one_event(one, sources)
        yield from _bodies(f"bodies.{one.name}", [f"yield from ({each})"])
        yield from function
        return
    each, function = _of_one_event(event, sources)
    limit = "MOST_EVENTS" if choices.events and choices.events.most else "max(1, len(events))"
    some = f"events[start : start + {limit}]"
    kind = f"bodies.{body.name}" if body else f"list[bodies.{event.name}]"
    yield from _bodies(
        kind, [f"events = [{each}]", f"for start in range(0, len(events), {limit}):"]
    )
    if body is None:
        yield f"        yield {some}"
    else:
        field = choices.events.field if choices.events else None
        yield f"        yield {kind}("
        yield from sources.arguments(body, "request", {str(field): some})
        yield "        )"
    yield from function


def _of_one_event(made: BodyClass, sources: FieldSources) -> tuple[str, list[str]]:
    """Write what makes the bodies of all events, and the function for one, with what it needs."""
    arguments = list(sources.arguments(made, "event"))
    code = " ".join(it.partition("#")[0] for it in arguments)
    kinds = {"event": "Event", "request": "EventProcessingRequest"}
    needed = [name for name in kinds if re.search(rf"(?<![\w\"]){name}(?=[.,)])", code)]
    event = "event" if "event" in needed else "_"
    return f"_event({', '.join(needed)}) for {event} in request.events", [
        "",
        "",
        f"def _event({', '.join(f'{it}: {kinds[it]}' for it in needed)}) -> bodies.{made.name}:",
        f"    return bodies.{made.name}(",
        *arguments,
        "    )",
    ]


def _bodies(kind: str, beginning: Sequence[str]) -> Iterator[str]:
    yield f"\n\ndef bodies_of(request: EventProcessingRequest) -> Iterator[{kind}]:"
    yield '    """Give the body of each call that passes a batch on."""'
    yield from (f"    {line}" for line in beginning)


def _api(text: str, choices: ApiChoices) -> str:
    """Let the example's client speak the API's method, and send the key where the API reads it."""
    text = _replaced(text, '"POST", path', f'"{choices.operation.method}", path')
    text = _replaced(text, '"""Post once', '"""Send once')
    key = choices.key
    if key.place == "query":
        text = _replaced(text, "import time\n", "import time\nfrom urllib.parse import urlencode\n")
        sent = (
            f"asked = {{{json.dumps(key.name)}: _sendable(key)}}\n"
            '            path = f"{path}?{urlencode(asked)}"'
        )
    else:
        sent = f"headers[{json.dumps(key.name)}] = {_header(key)}"
    return _replaced(text, 'headers["Authorization"] = f"Bearer {_sendable(key)}"', sent)


def _header(key: ApiKey) -> str:
    return f'f"{key.before}{{_sendable(key)}}"' if key.before else "_sendable(key)"


def _integration(text: str, api: ApiScaffold) -> str:
    beginning, _, _ = text.partition("        about = {\n")
    if beginning == text:
        raise AssertionError("the minimal integration makes its body where this expects it")
    beginning = _replaced(
        beginning,
        f"from {api.package}.partner_api import PartnerApi\n",
        f"from {api.package}.content import bodies_of\n"
        f"from {api.package}.partner_api import PartnerApi\n",
    )
    beginning = _replaced(beginning, "Each batch is one call of", "Each batch becomes calls of")
    return f"""{beginning}        for number, body in enumerate(bodies_of(request)):
            # A key for each call, the same whenever the batch comes again.
            self._api.send(
                {json.dumps(api.choices.operation.path)},
                body,
                key=key,
                idempotency_key=f"{{request.id}}-{{number}}",
            )
"""


def _registration(text: str, sources: FieldSources) -> str:
    """Ask for the ids of people that the bodies hold, and for no others."""
    customer = _line_with(text, "UserIdentityType.CUSTOMER")
    email = _line_with(text, "UserIdentityType.EMAIL")
    asked = [
        (customer, sources.uses_customer, sources.needs_customer),
        (email.replace("SHA256", "RAW"), sources.uses_email, sources.needs_email),
    ]
    lines = [
        line.replace("Encoding.RAW)", "Encoding.RAW, required=True)") if needed else line
        for line, used, needed in asked
        if used
    ]
    return _replaced(text, customer + email, "".join(lines))


def _test(events: EventList, package: str) -> str:
    several = f"body.{python_name(events.field)}" if events.field else "body"
    return f'''"""What the API is told about a batch."""

from __future__ import annotations

from {package}.content import MOST_EVENTS, bodies_of
from firehose import (
    CustomEvent,
    Encoding,
    EventProcessingRequest,
    Secret,
    UserIdentity,
    UserIdentityType,
)


def test_batch_of_more_events_than_a_call_may_have_becomes_several_calls() -> None:
    request = EventProcessingRequest(
        events=[CustomEvent(name="Signed up") for _ in range(MOST_EVENTS + 1)],
        user_identities=[
            UserIdentity(type=kind, encoding=Encoding.RAW, value=Secret("someone@example.com"))
            for kind in (UserIdentityType.CUSTOMER, UserIdentityType.EMAIL)
        ],
    )

    assert [len({several}) for body in bodies_of(request)] == [MOST_EVENTS, 1]
'''


def _replaced(text: str, old: str, new: str) -> str:
    """Replace what stands once in the example."""
    if text.count(old) != 1:
        raise AssertionError(f"the example that is copied has {text.count(old)} times {old!r}")
    return text.replace(old, new)


def _line_with(text: str, words: str) -> str:
    return next(line for line in text.splitlines(keepends=True) if words in line)


def _lines(lines: Iterator[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
