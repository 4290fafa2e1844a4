"""Rules M1 to M9: the integration as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator

from firehose.codec import decode, encode
from firehose.errors import InvalidMessage, is_uuid
from firehose.processor import ITEM_HOOKS, MessageProcessor
from firehose.registration import ModuleRegistrationResponse
from firehose.registration_checks.finding import DOCS, INFERENCE, SDK, Finding, Rule

M1 = Rule("M1", "error", f"{SDK}, ModuleRegistrationResponse")
M2 = Rule("M2", "error", f"{SDK}, ModuleRegistrationResponse")
M3 = Rule("M3", "error", DOCS)
M4 = Rule("M4", "warning", DOCS)
M5 = Rule("M5", "error", f"{SDK}, Message")
M6 = Rule("M6", "info", INFERENCE)
M7 = Rule("M7", "error", DOCS)
M8 = Rule("M8", "info", DOCS)
M9 = Rule("M9", "error", SDK)

DESCRIPTION_LIMIT = 230
"""Characters; a description must be shorter."""

_MARKUP = re.compile(r"<[^<>]*>")
_LINK = re.compile(r"<a\s[^<>]*href\s*=\s*['\"]?[^'\"\s>]", re.IGNORECASE)
_PLACEHOLDER = re.compile(r"(your|my|test|sample|example)\b|.*_", re.IGNORECASE)
_FIRST_MILLISECONDS = 10**11


def check_module(response: ModuleRegistrationResponse) -> Iterator[Finding]:
    """Check name, version, description, envelope and that the JSON can be read again."""
    if not response.name:
        yield M1("$.name", "has no name")
    elif _PLACEHOLDER.match(response.name):
        yield M8("$.name", "should be the public name of the product or company")
    if not response.version:
        yield M2("$.version", "has no version")
    yield from _check_description(response.description or "")
    yield from _check_envelope(response)
    if not any(
        (
            response.event_processing_registration,
            response.audience_processing_registration,
            response.dsr_processing_registration,
        )
    ):
        yield M6("$", "registers neither events nor audiences nor data subject requests")
    try:
        decode(encode(response), strict=True)
    except InvalidMessage as refusal:
        yield M9(refusal.path, f"cannot be read by mParticle's SDK: {refusal.reason}")


def _check_description(description: str) -> Iterator[Finding]:
    path = "$.description"
    if not description:
        yield M4(path, "is missing; it is shown in mParticle's directory")
        return
    visible = len(_MARKUP.sub("", description))
    if visible >= DESCRIPTION_LIMIT:
        yield M3(path, f"shows {visible} characters; must be fewer than {DESCRIPTION_LIMIT}")
    elif len(description) >= DESCRIPTION_LIMIT:
        text = f"has {len(description)} characters with its markup; the limit may count them"
        yield M3(path, text, severity="warning")
    if not _LINK.search(description):
        yield M4(path, "has no link to the company's site: <a href='https://…'>…</a>")


def _check_envelope(response: ModuleRegistrationResponse) -> Iterator[Finding]:
    if not is_uuid(response.id):
        yield M5("$.id", "must be a GUID")
    if response.timestamp_ms <= 0:
        yield M5("$.timestamp_ms", "must be the time in milliseconds since the epoch")
    elif response.timestamp_ms < _FIRST_MILLISECONDS:
        yield M5("$.timestamp_ms", "looks like seconds, not milliseconds", severity="warning")
    if not response.firehose_version:
        yield M5("$.firehose_version", "is missing")
    if not response.sdk_version:
        yield M5("$.sdk_version", "is missing")


def check_hooks(
    response: ModuleRegistrationResponse, processor: type[MessageProcessor]
) -> Iterator[Finding]:
    """Check that the integration does something with what it asks for; else it would be lost."""
    yield from _check_event_hooks(response, processor)
    for path, is_registered, hook in (
        (
            "$.audience_processing_registration",
            response.audience_processing_registration,
            "process_audience_membership_change_request",
        ),
        (
            "$.dsr_processing_registration",
            response.dsr_processing_registration,
            "process_dsr_processing_request",
        ),
    ):
        if is_registered and not overrides(processor, hook):
            yield M7(path, f"{processor.__name__} does not override {hook}")


def _check_event_hooks(
    response: ModuleRegistrationResponse, processor: type[MessageProcessor]
) -> Iterator[Finding]:
    events = response.event_processing_registration
    if events is None or overrides(processor, "process_event_processing_request"):
        return
    path = "$.event_processing_registration"
    kinds = events.supported_event_types
    for index, kind in enumerate(kinds):
        hook = _EVENT_HOOKS.get(str(kind))
        if hook and not overrides(processor, hook):
            yield M7(
                f"{path}.supported_event_types[{index}]",
                f"{processor.__name__} does not override {hook}",
            )
    if not kinds and not any(overrides(processor, hook) for hook in ITEM_HOOKS.values()):
        yield M7(path, f"{processor.__name__} overrides no hook of an event")


def overrides(processor: type[MessageProcessor], hook: str) -> bool:
    """Whether an integration has its own version of a hook."""
    return getattr(processor, hook) is not getattr(MessageProcessor, hook)


_EVENT_HOOKS = {str(item.__struct_config__.tag): hook for item, hook in ITEM_HOOKS.items()}
