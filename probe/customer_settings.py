"""The customer in the requests: what is entered for the settings that the integration registers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from console.exit_codes import UsageError
from firehose import (
    BooleanSetting,
    FloatSetting,
    IntegerSetting,
    ModuleRegistrationResponse,
    Setting,
    TextSetting,
)
from probe.endpoint_answer import Json
from probe.registered_types import registration_in

MADE_UP = "made-up-value"
"""Entered for a text that has no default."""

SettingsOption = Annotated[
    Path | None,
    typer.Option(
        "--settings",
        envvar="FIREHOSE_TEST_SETTINGS",
        help="A test customer's settings, as JSON; without, they are made up.",
        metavar="FILE",
    ),
]

Settings = Mapping[str, str]
"""Text by id; the values may be a real key and are never shown."""


def read_settings(file: Path | None) -> dict[str, str]:
    """Read what a test customer has entered; nothing without a file.

    Raises `UsageError` when it is not a JSON object of texts.
    """
    if file is None:
        return {}
    try:
        content = json.loads(file.read_text("utf-8"))
        if isinstance(content, dict) and all(isinstance(text, str) for text in content.values()):
            return content
        reason = "it is not a JSON object of texts"
    except (OSError, ValueError) as error:
        reason = error.strerror or "" if isinstance(error, OSError) else "it is not JSON"
    raise UsageError(
        f"--settings: {file} cannot be used: {reason}",
        next_step='write the ids and texts of a test customer: {"apiKey": "…"}',
    )


def settings_of(registration: object, entered: Settings) -> dict[str, str]:
    """Give the settings of a customer: those entered, and something fitting for all others.

    Nobody can enter what is hidden: it has its default, or is left out.
    `registration` is the integration's answer; one that cannot be read registers nothing.
    """
    found = registered_settings(registration)
    return {it.id: _fitting(it) for it in found if it.visible or _has_default(it)} | dict(entered)


def with_settings(request: Json, settings: Settings) -> Json:
    """Put settings where mParticle does: into the account, and into every audience."""
    changed = dict(request)
    if request.get("account"):
        changed["account"] = request["account"] | {"account_settings": dict(settings)}
    if "audience_id" in request:
        changed["audience_subscription_settings"] = dict(settings)
    if request.get("user_profiles"):
        changed["user_profiles"] = [
            profile
            | {
                "audiences": [
                    audience | {"audience_subscription_settings": dict(settings)}
                    for audience in profile.get("audiences") or ()
                ]
            }
            for profile in request["user_profiles"]
        ]
    return changed


def registered_settings(registration: object) -> Iterator[Setting]:
    """Give every setting that customers are asked for, wherever a registration declares it."""
    response = registration_in(registration) if isinstance(registration, dict) else registration
    if not isinstance(response, ModuleRegistrationResponse):
        return
    if events := response.event_processing_registration:
        yield from (*events.account_settings, *events.event_connection_settings)
    if audiences := response.audience_processing_registration:
        yield from (*audiences.account_settings, *audiences.audience_subscription_settings)
    if erasures := response.dsr_processing_registration:
        yield from erasures.account_settings


def _has_default(setting: Setting) -> bool:
    return getattr(setting, "default_value", None) not in {None, ""}


def _fitting(setting: Setting) -> str:
    """Give a text that the setting allows; mParticle sends every setting as text."""
    value: Any = None
    if isinstance(setting, BooleanSetting):
        value = str(setting.default_value).lower()
    elif isinstance(setting, IntegerSetting | FloatSetting):
        given = (setting.default_value, setting.min_value, setting.max_value, 1)
        value = next(number for number in given if number is not None)
    elif isinstance(setting, TextSetting):
        value = setting.default_value or MADE_UP
    return str(value)
