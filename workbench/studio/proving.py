"""Prove the integration from the page: the contract, a day, the registration, other pages."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from firehose import InvalidMessage, ModuleRegistrationResponse, check_registration, decode, encode
from workbench.studio.session import StudioSession

SAVED_REGISTRATION = Path("registration.json")
HANDOFF_PAGE = Path("handoff/handoff.html")
_PLAYED_PER_SECOND = 20
"""So many messages of a day come in within a second, so that the page can be read meanwhile."""


def contract_lines(session: StudioSession, environment: Mapping[str, str]) -> Iterator[bytes]:
    """Run the contract; give a JSON line for each check when it ends, and one for the whole."""
    module = "workbench.studio.contract_process"
    arguments = [module, str(session.deployment), session.stage.plan.region]
    return session.children.lines_of(arguments, environment)


def played_day(
    session: StudioSession, environment: Mapping[str, str], *, url: str, messages: int
) -> dict[str, Any]:
    """Run `firehose play --url` to its end; give its rows, its exit code and what it said."""
    options = {
        "--url": url,
        "--messages": str(messages),
        "--minutes": f"{messages / _PLAYED_PER_SECOND / 60:.3f}",
        "--format": "json",
        "--deployment": str(session.deployment),
        "--region": session.stage.plan.region,
    }
    arguments = [word for option in options.items() for word in option]
    *written, last = session.children.lines_of(["cli", "play", *arguments], environment)
    return {"rows": json.loads(b"".join(written) or b"[]"), **json.loads(last)}


def registered(session: StudioSession) -> dict[str, Any]:
    """Give the registration, its findings, and the difference from the one that was saved.

    Raises `NotLoaded`.
    """
    response = session.stage.registration()
    with session.stage.alone() as runner:
        processor = type(runner.endpoint.integration)
    saved = _saved()
    text = _pretty(response)
    difference = difflib.unified_diff(
        _pretty(saved).splitlines() if saved else text.splitlines(),
        text.splitlines(),
        "saved",
        "now",
        lineterm="",
    )
    findings = check_registration(response, saved, processor=processor)
    return {
        "registration": text,
        "findings": [msgspec.structs.asdict(it) for it in findings],
        "saved": str(SAVED_REGISTRATION) if saved else "",
        "difference": "\n".join(difference),
    }


def capacity_page(session: StudioSession, environment: Mapping[str, str], folder: Path) -> str:
    """Make the page of `firehose plan --capacity`.

    Raises `ValueError` with what the command said when it made none.
    """
    page = folder / "capacity.html"
    arguments = ["plan", "--capacity", "--html", str(page), "--deployment", str(session.deployment)]
    *_, last = session.children.lines_of(["cli", *arguments], environment)
    if not page.is_file():
        raise ValueError(json.loads(last)["said"])
    return page.read_text("utf-8")


def shells_environment() -> dict[str, str]:
    """Give the environment of this process, to be asked before the function's replaces it."""
    return dict(os.environ)


def _saved() -> ModuleRegistrationResponse | None:
    try:
        message = decode(SAVED_REGISTRATION.read_bytes())
    except (OSError, InvalidMessage):
        return None
    return message if isinstance(message, ModuleRegistrationResponse) else None


def _pretty(response: ModuleRegistrationResponse) -> str:
    content = msgspec.json.decode(encode(response))
    differ_each_time = ("id", "timestamp_ms")
    kept = {name: value for name, value in content.items() if name not in differ_each_time}
    return msgspec.json.format(msgspec.json.encode(kept)).decode()
