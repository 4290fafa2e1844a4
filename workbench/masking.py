"""What the protocol types as secret, shown by its name instead of its value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from firehose import Model, Secret
from firehose.model import RawObject
from workbench.secret_forms import hashed, written

_CREDENTIAL_HEADERS = re.compile(r"authorization|cookie|token|secret|password|api-?key", re.I)
_SHORTEST_INSIDE_TEXT = 4
"""A shorter value is masked where it stands alone: inside a text it would be found by chance."""


class Mask:
    """Puts `<name>` in place of every secret value of a message.

    Credentials are what customers enter for the integration (settings); they are always masked.
    Identities and their hashes are masked unless `identities` are asked for. A value is found in
    every form of `workbench.secret_forms`.
    """

    def __init__(self, message: Model | None, *, identities: bool) -> None:
        self._names: dict[str, str] = {}
        self._forms: dict[str, str] = {}
        for name, value, is_identity in _secrets(message) if message else ():
            if value and not (identities and is_identity):
                self._names.setdefault(value, f"<{name}>")
                for form in _forms(value, is_identity=is_identity):
                    self._forms.setdefault(form, self._names[value])
        longest_first = sorted(self._forms, key=len, reverse=True)
        self._inside = (
            re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
        )

    def text(self, text: str) -> str:
        """Mask a text, such as a path or a line of the log."""
        if text in self._names:
            return self._names[text]
        return self._inside.sub(lambda found: self._forms[found[0]], text) if self._inside else text

    def json(self, value: Any) -> Any:
        """Mask parsed JSON: texts, names and numbers that are the value of a secret."""
        if isinstance(value, dict):
            return {self.text(name): self.json(content) for name, content in value.items()}
        if isinstance(value, list):
            return [self.json(item) for item in value]
        if isinstance(value, str):
            return self.text(value)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return self._names.get(str(value), value) if is_number else value

    def headers(self, headers: Mapping[str, str]) -> dict[str, str]:
        """Mask headers; of one that carries credentials only names of secrets are left."""
        return {
            name: self._credential(value) if _CREDENTIAL_HEADERS.search(name) else self.text(value)
            for name, value in headers.items()
        }

    def _credential(self, value: str) -> str:
        scheme, _, credential = self.text(value).rpartition(" ")
        shown = credential if credential in self._names.values() else "***"
        return f"{scheme} {shown}".lstrip() if scheme.isalpha() else shown


def _forms(value: str, *, is_identity: bool) -> frozenset[str]:
    """Give the texts that are looked for inside of others."""
    forms = written(value) if len(value) >= _SHORTEST_INSIDE_TEXT else frozenset()
    return forms | hashed(value) if is_identity else forms


def _secrets(
    value: Any, name: str = "", *, is_identity: bool = True
) -> Iterator[tuple[str, str, bool]]:
    """Yield name, text and whether it is an identity of each secret in a message.

    An identity is named by its type. Secrets of a map are settings, named by their ids.
    """
    if isinstance(value, Secret):
        yield name, value.reveal(), is_identity
        return
    holds_settings = isinstance(value, dict) and not isinstance(value, RawObject)
    for part, content in _parts(value, name):
        yield from _secrets(content, part, is_identity=not holds_settings)


def _parts(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Yield what a value consists of, each part with the name that its secret would have."""
    if isinstance(value, RawObject):
        yield from ((key, Secret(text)) for key, text in _texts(value, name))
    elif isinstance(value, Model):
        kind = str(getattr(value, "type", "") or name)
        for field in value.__struct_fields__:
            content = getattr(value, field)
            yield (kind if isinstance(content, Secret) else field), content
    elif isinstance(value, dict):
        yield from ((str(key), content) for key, content in value.items())
    elif isinstance(value, list):
        yield from ((name, item) for item in value)


def _texts(value: Any, name: str) -> Iterator[tuple[str, str]]:
    """Yield every text in an object of no fixed shape, by the key nearest to it."""
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, dict):
        for key, content in value.items():
            yield from _texts(content, key)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, name)
