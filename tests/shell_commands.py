"""Commands of `firehose` as pages, workflows and scripts show them, parsed without running them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

import typer

from cli import cli

PLACEHOLDERS = {
    '${REGION:+--region "$REGION"}': "--region us-east-1",
    '${VERSION:+--to "$VERSION"}': "--to 7",
    '"$@"': "true",
    "quietly ": "",
    "shown ": "",
}


@cache
def firehose() -> Any:
    """Give the whole command line, as typer builds it."""
    return typer.main.get_command(cli)


def parse(command: str) -> list[str]:
    """Parse a command as `firehose` does, without running it; give its name."""
    program, *arguments = shlex.split(command)
    assert program == "firehose"
    found = firehose()
    name = []
    while hasattr(found, "list_commands"):
        word = arguments.pop(0)
        assert word in found.list_commands(None), f"{command}: there is no {word}"
        name.append(word)
        found = found.get_command(None, word)
    found.make_context(" ".join(name), arguments)
    return name


def in_shell(text: str) -> Iterator[str]:
    """Find the commands in lines of a shell, without what their output goes to."""
    for shown, meant in PLACEHOLDERS.items():
        text = text.replace(shown, meant)
    text = re.sub(r"\s+#.*$|\\\n", " ", text, flags=re.MULTILINE)
    for match in re.finditer(
        r"(?:^|[|;&(!{])\s*(?:\$ )?(firehose [^|;&<>()\n]+)", text, re.MULTILINE
    ):
        yield match[1].strip()
