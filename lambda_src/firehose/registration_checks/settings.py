"""Rules S1 to S12: the settings customers are asked for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from firehose.processor import MessageProcessor
from firehose.registration import ModuleRegistrationResponse
from firehose.registration_checks.finding import DOCS, INFERENCE, SDK, Finding, Rule
from firehose.registration_checks.module import overrides
from firehose.settings import BooleanSetting, FloatSetting, IntegerSetting, Setting, TextSetting

S1 = Rule("S1", "error", f"{SDK}, Setting")
S2 = Rule("S2", "warning", DOCS)
S3 = Rule("S3", "info", INFERENCE)
S4 = Rule("S4", "warning", DOCS)
S5 = Rule("S5", "warning", DOCS)
S6 = Rule("S6", "warning", DOCS)
S7 = Rule("S7", "warning", DOCS)
S8 = Rule("S8", "info", INFERENCE)
S11 = Rule("S11", "info", INFERENCE)
S12 = Rule("S12", "info", INFERENCE)

_LONG_TOOLTIP = 200
_MARKUP = re.compile(r"https?://|<[a-z/]|\]\(|\*\*|__|`", re.IGNORECASE)
_CREDENTIAL = re.compile(r"(api|secret|private|access).?key|token|secret|passw", re.IGNORECASE)

_ACCOUNT = "account_settings"
_SUBSCRIPTION = "audience_subscription_settings"
_LISTS = (_ACCOUNT, "event_connection_settings", _SUBSCRIPTION)


def check_settings(
    response: ModuleRegistrationResponse,
    processor: type[MessageProcessor] | None,
) -> Iterator[Finding]:
    """Check each list of settings, and the lists against each other."""
    for path, settings in _lists(response).items():
        counted = Counter(setting.id for setting in settings)
        for index, setting in enumerate(settings):
            place = f"{path}[{index}]"
            if counted[setting.id] > 1:
                yield S3(f"{place}.id", f"{setting.id} is declared more than once")
            yield from _check_setting(place, setting)
            yield from _check_hidden(place, setting, processor)
    yield from _check_blocks(response)


def _lists(response: ModuleRegistrationResponse) -> dict[str, list[Setting]]:
    """Return the lists of settings by their paths."""
    return {
        f"$.{block}.{name}": getattr(getattr(response, block), name)
        for block in response.__struct_fields__
        for name in _LISTS
        if hasattr(getattr(response, block), name)
    }


def _check_setting(path: str, setting: Setting) -> Iterator[Finding]:
    for name in ("id", "name"):
        if not getattr(setting, name):
            yield S1(f"{path}.{name}", "is empty")
    description = setting.description or ""
    if not description:
        yield S2(f"{path}.description", "is missing; customers see it as a tooltip")
    elif len(description) > _LONG_TOOLTIP or _MARKUP.search(description):
        yield S2(f"{path}.description", "must be short, without markup and links: it is a tooltip")
    if _CREDENTIAL.search(f"{setting.id} {setting.name}") and not (
        isinstance(setting, TextSetting) and setting.required and setting.confidential
    ):
        yield S4(path, f"{setting.id} looks like a credential: make it required and confidential")
    yield from _check_defaults(path, setting)


def _check_defaults(path: str, setting: Setting) -> Iterator[Finding]:
    if isinstance(setting, IntegerSetting | FloatSetting):
        bounds = (setting.min_value, setting.default_value, setting.max_value)
        known = [value for value in bounds if value is not None]
        if known != sorted(known):
            yield S11(path, "min_value, default_value and max_value are out of order")
    if isinstance(setting, BooleanSetting) and setting.checked != setting.default_value:
        yield S12(path, "checked and default_value should be the same")


def _check_hidden(
    path: str, setting: Setting, processor: type[MessageProcessor] | None
) -> Iterator[Finding]:
    if setting.visible:
        return
    if _SUBSCRIPTION not in path:
        if getattr(setting, "required", False):
            yield S8(path, f"{setting.id} is hidden and required: nobody can enter it")
        elif getattr(setting, "default_value", None) in {None, ""}:
            yield S8(path, f"{setting.id} is hidden and has no default: it never gets a value")
    elif processor and not overrides(processor, "process_audience_subscription_request"):
        text = f"{setting.id} is hidden: return it from process_audience_subscription_request"
        yield S7(path, text)


def _check_blocks(response: ModuleRegistrationResponse) -> Iterator[Finding]:
    audience = response.audience_processing_registration
    if audience and not audience.account_settings:
        yield S6(f"$.audience_processing_registration.{_ACCOUNT}", "is empty; the docs require it")
    accounts = {path: ids for path, ids in _lists(response).items() if path.endswith(_ACCOUNT)}
    credentials = {
        setting.id: path
        for path, settings in accounts.items()
        for setting in settings
        if getattr(setting, "confidential", False)
    }
    for path, settings in accounts.items():
        for setting_id in sorted(credentials.keys() - {setting.id for setting in settings}):
            text = f"{setting_id} is declared in {credentials[setting_id]}, not here; needed too?"
            yield S5(path, text)
