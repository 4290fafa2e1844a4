"""Rules P1 and P3 to P13: what the integration asks to receive."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from firehose.event import EventType
from firehose.permissions import IdentityPermission, Permissions
from firehose.registration import ModuleRegistrationResponse
from firehose.registration_checks.finding import DOCS, INFERENCE, SDK, Finding, Rule
from firehose.vocabulary import Vocabulary

P1 = Rule("P1", "error", DOCS)
P3 = Rule("P3", "warning", DOCS)
P4 = Rule("P4", "error", SDK)
P5 = Rule("P5", "info", INFERENCE)
P6 = Rule("P6", "warning", DOCS)
P7 = Rule("P7", "warning", DOCS)
P8 = Rule("P8", "warning", DOCS)
P9 = Rule("P9", "warning", DOCS)
P10 = Rule("P10", "info", INFERENCE)
P11 = Rule("P11", "info", DOCS)
P12 = Rule("P12", "warning", SDK)
P13 = Rule("P13", "warning", INFERENCE)

_PARTNER_IDENTITY = re.compile(r"[^\W_]+_\w+|\$cookie_sync_id")
_FLAGS = tuple(name for name in Permissions.__struct_fields__ if name.startswith("allow_"))
_AUDIENCE_ONLY = {"allow_audience_user_attributes"}
_BOTH = {"allow_access_mpid"}
_PERMISSIONS_REQUIRED_SINCE = (1, 8)


def check_permissions(
    response: ModuleRegistrationResponse, previous: ModuleRegistrationResponse | None
) -> Iterator[Finding]:
    """Check the permissions, alone and against the rest of the registration."""
    permissions = response.permissions or Permissions()
    yield from _check_identities(permissions)
    yield from _check_partner_identities(permissions)
    yield from _check_effect(response, permissions)
    yield from _check_events(response, permissions)
    if previous and _sdk_version(previous) < _PERMISSIONS_REQUIRED_SINCE:
        for name in ("allow_device_info", "allow_user_attributes"):
            if not getattr(permissions, name):
                text = "must be asked for since SDK 1.8; without it, data that came before stops"
                yield P7(f"$.permissions.{name}", text)
    if all(getattr(permissions, name) for name in _FLAGS):
        yield P13("$.permissions", "asks for everything; ask for what is used")


def _check_identities(permissions: Permissions) -> Iterator[Finding]:
    required = 0
    for name in ("user_identities", "device_identities", "partner_identities"):
        entries: list[IdentityPermission] = getattr(permissions, name)
        counted = Counter(str(entry.type) for entry in entries)
        required += sum(entry.required for entry in entries)
        for index, entry in enumerate(entries):
            path = f"$.permissions.{name}[{index}]"
            if counted[str(entry.type)] > 1:
                yield P5(f"{path}.type", f"{entry.type} is listed more than once")
            for field, word in (("type", entry.type), ("encoding", entry.encoding)):
                if isinstance(word, Vocabulary) and not word.is_known:
                    yield P4(f"{path}.{field}", f"{word} is not known to mParticle")
    if required > 1:
        text = "several identities are required: a user needs any one of them, not all"
        yield P6("$.permissions", text)


def _check_partner_identities(permissions: Permissions) -> Iterator[Finding]:
    path = "$.permissions.partner_identities"
    names = [entry.type for entry in permissions.partner_identities]
    if len(names) > 1:
        yield P1(path, f"has {len(names)} entries; mParticle allows one")
    for index, name in enumerate(names):
        if not _PARTNER_IDENTITY.fullmatch(name):
            yield P3(f"{path}[{index}].type", f"{name} should read PartnerName_IdentityName")


def _check_effect(
    response: ModuleRegistrationResponse, permissions: Permissions
) -> Iterator[Finding]:
    for name in _FLAGS:
        if not getattr(permissions, name) or name in _BOTH:
            continue
        if name in _AUDIENCE_ONLY and not response.audience_processing_registration:
            yield P10(f"$.permissions.{name}", "has no effect without audience registration")
        if name not in _AUDIENCE_ONLY and not response.event_processing_registration:
            yield P10(f"$.permissions.{name}", "has no effect without event registration")
    if permissions.allow_eventless_batches:
        text = "batches without events will come; they call no event hook, only the batch hook"
        yield P12("$.permissions.allow_eventless_batches", text)


def _check_events(
    response: ModuleRegistrationResponse, permissions: Permissions
) -> Iterator[Finding]:
    events = response.event_processing_registration
    if events is None:
        return
    path = "$.event_processing_registration"
    kinds = events.supported_event_types
    if EventType.USER_ATTRIBUTE_CHANGE in kinds and not permissions.allow_user_attributes:
        text = "user_attribute_change needs permissions.allow_user_attributes to arrive"
        yield P8(f"{path}.supported_event_types", text)
    if EventType.USER_IDENTITY_CHANGE in kinds and not permissions.user_identities:
        text = "user_identity_change arrives only for identities in permissions.user_identities"
        yield P9(f"{path}.supported_event_types", text)
    if bool(events.supported_system_notification_types) != permissions.allow_consent_state:
        text = "notifications tell changes of consent, allow_consent_state the state: ask for both?"
        yield P11(f"{path}.supported_system_notification_types", text)


def _sdk_version(response: ModuleRegistrationResponse) -> tuple[int, ...]:
    numbers = re.findall(r"\d+", response.sdk_version)
    return tuple(int(number) for number in numbers) or _PERMISSIONS_REQUIRED_SINCE
