"""Commands that pages, workflows and scripts show are commands that exist, options and all."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
import typer
import yaml  # type: ignore[import-untyped]  # its stubs are for nothing else here

from cli import cli
from plan.rollout import Strategy
from tests.local.transcript.script import SCRIPT
from tests.pages import PAGES, ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PLACEHOLDERS = {
    '${REGION:+--region "$REGION"}': "--region us-east-1",
    '"$@"': "true",
    "quietly ": "",
    "shown ": "",
}

# mParticle's messages about tokens are encrypted to a key of the day: tests/local/test_tokens.py
TOKENS = {("token", name) for name in ("keygen", "import", "status", "rotate", "retire")}
NOT_PLAYED = TOKENS | {
    ("quota", "text"),  # what `quota request` prints as well
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


def that_write_data(group: Any, *above: str) -> Iterator[str]:
    """Find every command that has `--format`."""
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "list_commands"):
            yield from that_write_data(command, *above, name)
        elif any("--format" in parameter.opts for parameter in command.params):
            yield " ".join((*above, name))


def in_shell(text: str) -> Iterator[str]:
    """Find the commands in lines of a shell, without what their output goes to."""
    for shown, meant in PLACEHOLDERS.items():
        text = text.replace(shown, meant)
    text = re.sub(r"\s+#.*$|\\\n", " ", text, flags=re.MULTILINE)
    for match in re.finditer(
        r"(?:^|[|;&(!{])\s*(?:\$ )?(firehose [^|;&<>()\n]+)", text, re.MULTILINE
    ):
        yield match[1].strip()


def on_page(page: Path) -> list[str]:
    lines = re.findall(r"^\$ .*$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [command for line in lines for command in in_shell(line)]


def steps_of(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
        yield from job["steps"]


def scripts_of(workflow: Path) -> list[str]:
    return [step["run"] for step in steps_of(workflow) if "run" in step]


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


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_commands_of_a_workflow_are_accepted_and_its_targets_exist(workflow: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    for script in scripts_of(workflow):
        for command in in_shell(script):
            parse(command)
        assert set(re.findall(r"\bmake ([a-z]+)", script)) <= set(targets)


def test_deploy_workflow_deploys_proves_and_hands_over_in_this_order() -> None:
    scripts = "\n".join(scripts_of(ROOT / ".github" / "workflows" / "deploy.yml"))

    # `deploy` checks every region itself; `preflight` would also stop a first deployment over what
    # only mParticle would object to
    assert [parse(command) for command in in_shell(scripts)] == [
        ["deploy"],
        ["verify"],
        ["handoff"],
    ]


def test_deploy_workflow_has_time_and_credentials_for_the_longest_rollout() -> None:
    """A linear rollout takes ten steps; us-east-1 goes first, the others after it together."""
    (job,) = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text())["jobs"].values()
    lengths = [re.findall(r"linear-10-percent-every-(\d+)", it) for it in get_args(Strategy)]
    longest = max(10 * int(minutes) for found in lengths for minutes in found)
    (credentials,) = (it for it in job["steps"] if "role-to-assume" in it.get("with", {}))

    assert job["timeout-minutes"] > 2 * longest
    assert credentials["with"]["role-duration-seconds"] >= 60 * job["timeout-minutes"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_actions_are_pinned_to_a_commit_with_the_version_beside_it(workflow: Path) -> None:
    used = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))

    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_no_text_from_outside_becomes_part_of_a_script(workflow: Path) -> None:
    assert [script for script in scripts_of(workflow) if "${{" in script] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_each_job_has_its_own_permissions_and_leaves_no_credentials(workflow: Path) -> None:
    content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    checkouts = [step for step in steps_of(workflow) if "checkout@" in step.get("uses", "")]

    assert content["permissions"] == {}
    assert all(job["permissions"] for job in content["jobs"].values())
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


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


def test_shape_of_every_commands_json_is_on_the_page_of_operations() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    page = page[page.index("## Shapes of the JSON") : page.index("`handoff.json` is one object")]
    shapes = re.findall(r"^\| `([a-z ]+)(?: --[a-z-]+)?` \| [\w, ]+ \|$", page, re.MULTILINE)

    assert set(that_write_data(firehose())) - {"quota text"} == set(shapes)
