"""`--record`: what a trial showed becomes a golden case, without anybody's credentials in it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console.exit_codes import CommandError
from console.whole_file import write_whole
from firehose import BooleanSetting, FloatSetting, IntegerSetting, MessageProcessor
from probe.customer_settings import registered_settings
from workbench.golden_cases import GoldenCase, golden_of, pretty
from workbench.loaded_integration import registration_of
from workbench.message_files import NamedMessage
from workbench.trial import Trial

_SETTINGS = re.compile(r"(account|(previous_)?audience_subscription)_settings")
_ADDRESS = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
# RFC 2606 and RFC 6761: nobody's.
_RESERVED = re.compile(r"(.+\.)?(example\.(com|net|org)|example|test|invalid|localhost)", re.I)


def recorded(
    folder: Path, message: NamedMessage, trial: Trial, integration: MessageProcessor
) -> GoldenCase:
    """Write a message and what came of it as a golden case.

    Settings that customers enter as text become `test-ID`. Identities stay, so real ones are
    refused: raises `CommandError` for an e-mail address whose domain is not reserved for tests,
    there or in what came of it, and for a message that is no JSON object.
    """
    try:
        content = json.loads(message.content)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise CommandError(
            f"{message.name} is no JSON object, so it cannot be recorded",
            next_step="write a test of its own for it",
        )
    golden = golden_of(trial)
    text = json.dumps([content, golden], ensure_ascii=False)
    if any(not _RESERVED.fullmatch(domain) for domain in _ADDRESS.findall(text)):
        raise CommandError(
            f"{message.name}, or what came of it, has an e-mail address that may be somebody's,"
            " and a golden case is kept with the code",
            next_step="put addresses at example.com into the message, and no real data",
        )
    folder.mkdir(parents=True, exist_ok=True)
    case = GoldenCase(folder / f"{message.name}.json")
    write_whole(case.message, pretty(_without_credentials(content, _numbers(integration))))
    case.write(golden)
    return case


def _numbers(integration: MessageProcessor) -> frozenset[str]:
    """Name the settings that hold a number or a choice, which are no credentials."""
    answer = registration_of(integration)
    kinds = IntegerSetting, FloatSetting, BooleanSetting
    return frozenset(it.id for it in registered_settings(answer) if isinstance(it, kinds))


def _without_credentials(value: Any, numbers: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_without_credentials(item, numbers) for item in value]
    if not isinstance(value, Mapping):
        return value
    return {
        name: _stand_ins(content, numbers)
        if _SETTINGS.fullmatch(name) and isinstance(content, dict)
        else _without_credentials(content, numbers)
        for name, content in value.items()
    }


def _stand_ins(settings: dict[str, Any], numbers: frozenset[str]) -> dict[str, Any]:
    return {
        name: value if name in numbers or not value else f"test-{name}"
        for name, value in settings.items()
    }
