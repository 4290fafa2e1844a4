"""Commands that pages, workflows and scripts show are commands that exist, options and all."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.local.documented import KEYS
from tests.local.transcript.script import SCRIPT
from tests.pages import PAGES, ROOT
from tests.shell_commands import firehose, in_shell, parse

# mParticle's messages about tokens are encrypted to a key of the day: tests/local/test_tokens.py
TOKENS = {("token", name) for name in ("keygen", "import", "status", "rotate", "retire")}
NOT_PLAYED = TOKENS | {
    ("quota", "text"),  # what `quota request` prints as well
}


def that_write_data(group: Any, *above: str) -> Iterator[str]:
    """Find every command that has `--format`."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from that_write_data(command, *above, name)
        elif any("--format" in parameter.opts for parameter in command.params):
            yield " ".join((*above, name))


def on_page(page: Path) -> list[str]:
    lines = re.findall(r"^\$ .*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [command for line in lines for command in in_shell(line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_of_a_page_are_accepted(page: Path) -> None:
    for command in on_page(page):
        parse(command)


def unknown_words(command: str) -> list[str]:
    """Find the subcommand or the options that a command named in a sentence has not got."""
    found, words = firehose(), shlex.split(command)[1:]
    while hasattr(found, "list_commands") and words:
        if words[0] not in found.list_commands(None):
            break
        found = found.get_command(None, words.pop(0))
    options = {"--help", *(option for parameter in found.params for option in parameter.opts)}
    unknown = [word for word in words if word.startswith("-") and word not in options]
    if hasattr(found, "list_commands") and words and not words[0].startswith("-"):
        unknown.append(words[0])
    return unknown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_sentences_of_a_page_exist(page: Path) -> None:
    text = re.sub(
        r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL
    )
    named = re.findall(r"`(firehose\s[^`]+)`", text.replace("\\|", "|"))
    commands = [re.split(r" (?:--|\|) ", command)[0] for command in named]

    assert {it: unknown_words(it) for it in commands if unknown_words(it)} == {}


def test_command_in_a_sentence_that_does_not_exist_is_found() -> None:
    assert unknown_words("firehose verfy --latency") == ["--latency", "verfy"]
    assert unknown_words("firehose quota ask") == ["ask"]
    assert unknown_words("firehose verify --lattency") == ["--lattency"]
    assert unknown_words("firehose token") == []


def test_runbook_names_the_commands_of_whoever_is_on_call() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    steps = " ".join(re.findall(r"\*\*Do\.\*\*((?:.+\n)+)", runbook))

    for command in ("logs", "redrive", "rollback"):
        assert f"`firehose {command}" in steps
    assert "Begin with `firehose status`" in runbook


def test_commands_of_the_demo_are_accepted() -> None:
    commands = list(in_shell((ROOT / "scripts" / "demo").read_text(encoding="utf-8")))

    assert len(commands) >= 3
    for command in commands:
        parse(command)


def test_transcript_plays_every_command_from_preflight_on_that_operations_shows() -> None:
    played = {
        tuple(parse(it)) for part in SCRIPT for step in part.steps for it in in_shell(step.command)
    }
    commands = on_page(ROOT / "docs" / "operations.md")
    shown = {tuple(parse(it)) for it in commands[commands.index("firehose preflight") :]}

    assert shown - played == NOT_PLAYED


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("firehose verfy", "there is no verfy"),
        ("firehose verify --lattency", "No such option"),
        ("firehose deploy --wave", "requires an argument"),
    ],
)
def test_command_that_does_not_exist_is_refused(command: str, reason: str) -> None:
    with pytest.raises(Exception, match=reason):
        parse(command)


def test_keys_of_every_commands_json_are_documented() -> None:
    documented = {key.partition(" --")[0] for key in KEYS}

    assert set(that_write_data(firehose())) - {"quota text"} == documented
