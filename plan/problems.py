"""Problems of a deployment file, all at once: where, what was found, what is allowed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

_FOUND_LIMIT = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: `key` is the path in the file, such as `function.memory_mb`."""

    key: str
    found: str
    allowed: str

    def __str__(self) -> str:
        return f"{self.key}: found {self.found}; allowed: {self.allowed}"


class DeploymentError(Exception):
    """A deployment file cannot be used; `problems` lists everything that is wrong with it."""

    def __init__(self, path: Path, problems: Sequence[Problem]) -> None:
        self.path = path
        self.problems = tuple(problems)
        super().__init__("\n".join([f"{path} cannot be used:", *(f"  {p}" for p in self.problems)]))


def refusal(allowed: str, *, key: str = "", found: str = "") -> PydanticCustomError:
    """Make the error that a validator raises: what is allowed, and the key below the field if any.

    `found` replaces the value in the report, where the value itself must not be shown.
    """
    # pydantic formats the message as a template, so texts go in as values.
    return PydanticCustomError(
        "refused", "{allowed}", {"allowed": allowed, "key": key, "found": found}
    )


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Translate pydantic's errors into problems in the words of the file."""
    return [_problem(details, model) for details in error.errors()]


def _problem(details: ErrorDetails, model: type[BaseModel]) -> Problem:
    context: Mapping[str, object] = details.get("ctx", {})
    location = [str(part) for part in details["loc"]]
    names_entry = location[-1] == "[key]"
    if names_entry:
        location.pop()
    if details["type"] == "extra_forbidden":
        return Problem(_key(location), "an unknown key", _known_keys(location, model))
    if details["type"] == "missing":
        return Problem(_key(location), "nothing", "a value; the key is required")
    if context.get("key"):
        location.append(str(context["key"]))
    allowed = details["msg"].removeprefix("Input should be ")
    found = "this name" if names_entry else context.get("found") or _shown(details, location)
    return Problem(_key(location), str(found), allowed)


def _key(location: Sequence[str]) -> str:
    return ".".join(location)


def _shown(details: ErrorDetails, location: Sequence[str]) -> str:
    value = details["input"]
    if "environment" in location:  # a value somebody put there may be a credential
        return f"a value of type {type(value).__name__}"
    try:
        text = json.dumps(value, default=str, ensure_ascii=False)
    except RecursionError:
        return "a value nested without end"
    return text if len(text) <= _FOUND_LIMIT else f"{text[:_FOUND_LIMIT]}…"


def _known_keys(location: Sequence[str], model: type[BaseModel]) -> str:
    table = model
    for part in location[:-1]:
        table = _table_below(table, part)
    known = sorted(table.model_fields)
    close = get_close_matches(location[-1], known)
    return (f"did you mean {close[0]}? " if close else "") + f"known keys: {', '.join(known)}"


def _table_below(table: type[BaseModel], part: str) -> type[BaseModel]:
    """Follow one part of a key path; the part that names an entry of a map stays at its table."""
    field = table.model_fields.get(part)
    kind = field.annotation if field else None
    for candidate in (kind, *getattr(kind, "__args__", ())):
        if isinstance(candidate, type) and issubclass(candidate, BaseModel):
            return candidate
    return table
