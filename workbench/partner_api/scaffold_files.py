"""The files of an integration whose API has an OpenAPI document, made from the minimal ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from console.exit_codes import CommandError
from plan.function import SOURCE_PACKAGE
from workbench.partner_api.api_choices import ApiChoices, ApiKey, EventList
from workbench.partner_api.api_document import ApiDocument
from workbench.partner_api.content_source import BodyShape, content_source
from workbench.partner_api.field_sources import FieldSources
from workbench.partner_api.typed_bodies import (
    BodyClasses,
    class_name,
    python_name,
    quoted,
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
_BODIES = '''"""What the API takes, as its OpenAPI document describes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from firehose import Secret
'''


def api_files(minimal: Mapping[Path, str], api: ApiScaffold) -> dict[Path, str]:
    """Give the files that are new or differ from the `minimal` ones of the package.

    Paths are those of the minimal ones, without the package's name. Raises `CommandError` when
    the minimal ones are not those that this module knows.
    """
    choices, events = api.choices, api.choices.events
    classes = BodyClasses(api.document)
    schema = choices.operation.schema or {}
    # By its path, where it has no name of its own.
    name = f"{class_name(choices.operation.name.rpartition(' ')[2])}Body"
    around = classes.of_object(schema, name) if events and events.field else None
    event = classes.of_object(events.item, "Event") if events else classes.of_object(schema, name)
    sources = FieldSources(classes)
    shape = BodyShape(event=event, events=events, around=around)
    content = content_source(shape, sources, package=api.package)
    bodies = "".join(f"{line}\n" for line in source_of(classes, secret=sources.secret))
    return {
        _CODE / "bodies.py": f"{_BODIES}{bodies}",
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


def _api(text: str, choices: ApiChoices) -> str:
    """Let the example's client speak the API's method, and send the key where the API reads it."""
    text = _replaced(text, '"POST", path', f'"{choices.operation.method}", path')
    text = _replaced(text, '"""Post once', '"""Send once')
    key = choices.key
    if key.place == "query":
        text = _replaced(text, "import time\n", "import time\nfrom urllib.parse import urlencode\n")
        sent = (
            f"asked = {{{quoted(key.name)}: _sendable(key)}}\n"
            '            path = f"{path}?{urlencode(asked)}"'
        )
    else:
        sent = f"headers[{quoted(key.name)}] = {_header(key)}"
    return _replaced(text, 'headers["Authorization"] = f"Bearer {_sendable(key)}"', sent)


def _header(key: ApiKey) -> str:
    return f'f"{key.before}{{_sendable(key)}}"' if key.before else "_sendable(key)"


def _integration(text: str, api: ApiScaffold) -> str:
    beginning, _, _ = text.partition("        about = {\n")
    if beginning == text:
        raise _unknown_example("about = {")
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
                {quoted(api.choices.operation.path)},
                body,
                key=key,
                idempotency_key=f"{{request.id}}-{{number}}",
            )
"""


def _registration(text: str, sources: FieldSources) -> str:
    """Ask for the ids of people that the bodies hold, and for no others."""
    customer = _line_with(text, "UserIdentityType.CUSTOMER")
    email = _line_with(text, "UserIdentityType.EMAIL")
    asked = {"CUSTOMER": customer, "EMAIL": email.replace("SHA256", "RAW")}
    lines = [
        line.replace("Encoding.RAW)", "Encoding.RAW, required=True)")
        if sources.people[kind]
        else line
        for kind, line in asked.items()
        if kind in sources.people
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
    """Replace what stands once in the example. Raises `CommandError` where it does not."""
    if text.count(old) != 1:
        raise _unknown_example(old)
    return text.replace(old, new)


def _unknown_example(part: str) -> CommandError:
    return CommandError(
        f"The example that is copied was changed: it has not once {part.strip()!r}",
        next_step="get lambda_src/acme and workbench/minimal back from git, then run it again",
    )


def _line_with(text: str, words: str) -> str:
    return next(line for line in text.splitlines(keepends=True) if words in line)
