"""Messages to try: from a file, a folder or standard input."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from console.exit_codes import UsageError
from console.token_file import STANDARD_INPUT
from endpoint.answering import read
from firehose import InvalidMessage
from plan.function import package_of
from probe.customer_settings import Settings, with_settings
from workbench.golden_files import GOLDEN_ENDING


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedMessage:
    """A message as it came, which need not be valid; `name` is for people and for file names."""

    name: str
    content: bytes


def read_messages(source: str) -> list[NamedMessage]:
    """Read a file, every `*.json` of a folder but golden files, or with `-` standard input.

    What is not one JSON value may be one a line, as `firehose sample` writes them.
    Raises `UsageError` when there is nothing to read.
    """
    if source == STANDARD_INPUT:
        return _parted("stdin", sys.stdin.buffer.read())
    path = Path(source)
    try:
        files = message_files(path) if path.is_dir() else [path]
        messages = [part for file in files for part in _parted(file.stem, file.read_bytes())]
    except OSError as error:
        raise _nothing(source, error.strerror or "it cannot be read") from None
    if not messages:
        raise _nothing(source, "there is no message (*.json) in it")
    return messages


def of_customer(message: NamedMessage, entered: Settings) -> NamedMessage:
    """Put what a test customer has entered in place of the message's own settings of those ids.

    A message that cannot be read stays as it is.
    """
    try:
        read(message.content)
        content = json.loads(message.content)
    except (InvalidMessage, ValueError):
        return message
    own = (content.get("account") or {}).get("account_settings") or {}
    return replace(message, content=json.dumps(with_settings(content, {**own, **entered})).encode())


def golden_folder(integration: str) -> Path:
    """Say where the golden messages of `module:Class` are."""
    return Path("tests", package_of(integration), "golden")


def message_files(folder: Path) -> list[Path]:
    """List the messages of a folder."""
    return sorted(file for file in folder.glob("*.json") if not file.name.endswith(GOLDEN_ENDING))


def _parted(name: str, content: bytes) -> list[NamedMessage]:
    lines = [line for line in content.splitlines() if line.strip()]
    if len(lines) < 2 or _is_json(content) or not all(map(_is_json, lines)):
        return [NamedMessage(name=name, content=content)]
    return [
        NamedMessage(name=f"{name}-{number}", content=line)
        for number, line in enumerate(lines, start=1)
    ]


def _is_json(content: bytes) -> bool:
    try:
        json.loads(content)
    except ValueError:
        return False
    return True


def _nothing(source: str, reason: str) -> UsageError:
    return UsageError(
        f"{source}: {reason}",
        next_step="give a message file, a folder of them, or - for standard input",
    )
