"""Trials for people: what came in, which hooks ran, what was called, what mParticle sees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from typing import Any, TextIO

from rich.console import Console
from rich.tree import Tree

from console.output import Format, Record, write
from workbench.in_process_worker import line_of_endpoint

_UNBOUNDED_WIDTH = 10_000
_NOT_YOURS = " (not yours: it only acknowledges)"


def write_trials(
    trials: Sequence[Record], *, form: Format, transports: Sequence[str], stream: TextIO
) -> None:
    """Write trials: whole as JSON, a tree each for a terminal, a row each as Markdown."""
    if form is Format.JSON:
        write(trials, form=form, stream=stream)
        return
    if form is Format.MARKDOWN:
        write([_row(trial) for trial in trials], form=form, stream=stream)
        return
    width = None if stream.isatty() else _UNBOUNDED_WIDTH
    console = Console(file=stream, markup=False, highlight=False, emoji=False, width=width)
    for trial in trials:
        console.print(_tree(dict(trial), transports))


def _row(trial: Record) -> Record:
    calls: Any = trial["calls"]
    return {
        "message": trial["message"],
        "type": trial["type"],
        "hooks": trial["hooks"],
        "calls": [f"{call['method']} {call['url']}: {_answered(call)}" for call in calls],
        "answer": trial["failure"] or "response",
        "worker": trial["worker"],
        "milliseconds": trial["milliseconds"],
    }


def _tree(trial: dict[str, Any], transports: Sequence[str]) -> Tree:
    what = " ".join(str(trial[key]) for key in ("type", "id") if trial[key])
    tree = Tree(f"{trial['message']}: {what or 'unreadable'}", guide_style="dim")
    if trial["hooks"]:
        hooks = tree.add("hooks")
        for hook, calls in groupby(trial["hooks"]):
            count = len(list(calls))
            often = f", {count} times" if count > 1 else ""
            hooks.add(f"{hook}{often}{_NOT_YOURS if hook in trial['default_hooks'] else ''}")
    for call in trial["calls"]:
        _add_call(tree, call)
    _add_answer(tree, trial, transports)
    for host in trial["refused_hosts"]:
        tree.add(f"refused: a connection to {host}")
    for error in trial["errors"]:
        tree.add(f"raised\n{error}")
    if printed := [line for line in trial["log"] if not line_of_endpoint(line)]:
        tree.add("\n".join(["printed", *printed]))
    tree.add(_time(trial))
    tree.add(f"verdict: {'; '.join(trial['verdict']) or 'nothing to object to'}")
    return tree


def _add_call(tree: Tree, call: dict[str, Any]) -> None:
    branch = tree.add(f"call {call['method']} {call['url']}: {_answered(call)}")
    for name, value in call["headers"].items():
        branch.add(f"{name}: {value}")
    if call["body"] is not None:
        branch.add(_shown(call["body"]))


def _add_answer(tree: Tree, trial: dict[str, Any], transports: Sequence[str]) -> None:
    if trial["response"] is not None:
        tree.add("mParticle sees the response").add(_shown(trial["response"]))
    else:
        seen = []
        if "lambda" in transports:
            seen.append("a function error")
        if "https" in transports:
            seen.append(f"HTTP {trial['status']}")
        tree.add(f"mParticle sees {' or '.join(seen)}: {trial['failure']}")
    if trial["overflowed"]:
        tree.add(f"overflowed: {trial['overflowed']}, so the message was stored")
    if trial["worker"]:
        tree.add(_worker(trial))


def _worker(trial: dict[str, Any]) -> str:
    after = f"then the worker: {trial['worker']}"
    if trial["worker_error"]:
        after += f", {trial['worker_error']}"
    if trial["worker_retry_seconds"]:
        after += f", again in {trial['worker_retry_seconds']} s"
    return after


def _time(trial: dict[str, Any]) -> str:
    parts = [f"answered in {trial['milliseconds']} ms"]
    if trial["worker_milliseconds"] is not None:
        parts.append(f"delivered in {trial['worker_milliseconds']} ms")
    if trial["allocated_kib"] is not None:
        parts.append(f"at most {trial['allocated_kib']} KiB allocated at once")
    return ", ".join(parts)


def _answered(call: dict[str, Any]) -> str:
    answer = call["answer"]
    if answer.get("resets"):
        return "cut"
    again = f", again in {answer['retry_after']} s" if "retry_after" in answer else ""
    return f"{answer['status']}{again}"


def _shown(content: Any) -> str:
    if isinstance(content, str):
        return content
    return json.dumps(content, indent=2, ensure_ascii=False)
