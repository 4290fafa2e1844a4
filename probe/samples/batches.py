"""Made-up event batches: with events, without any, and as a check that the endpoint is alive."""

from __future__ import annotations

from typing import Any

from firehose import (
    Account,
    CCPAConsentStateNotification,
    EventProcessingRequest,
    EventType,
    GDPRConsentStateNotification,
    PlatformFields,
    RuntimeEnvironmentType,
    SystemNotification,
    to_dict,
)
from probe.samples.chance import Chance
from probe.samples.devices import device
from probe.samples.events import event, session
from probe.samples.people import PURPOSES, Person, ccpa_consent, consent_state, gdpr_consent

_CHANNELS = {
    RuntimeEnvironmentType.UNKNOWN: "server_to_server",
    RuntimeEnvironmentType.MOBILEWEB: "javascript",
}
"""How data of a platform comes in, if not through a native SDK."""


def batch(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make up a batch of one to eight events of one person, on a device of any platform."""
    person = Person.any(chance)
    request = _about(person, chance, account, moment_ms)
    kinds = chance.some(list(EventType), most=8)
    request.events = session(kinds, person, chance, end_ms=moment_ms)
    request.system_notifications = _notifications(chance, moment_ms)
    return _wire(request, person)


def eventless(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make up a batch that only tells about a person, as `allow_eventless_batches` permits."""
    person = Person.any(chance)
    return _wire(_about(person, chance, account, moment_ms), person) | {"events": []}


def idle(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make the request with which mParticle checks that the endpoint is alive."""
    bare = Account(account_id=account.account_id)
    request = EventProcessingRequest(id=chance.guid(), timestamp_ms=moment_ms, account=bare)
    return to_dict(request) | {"events": []}


def small(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make up the smallest batch that events can be added to: who, and nothing about the device."""
    person = Person.any(chance)
    request = EventProcessingRequest(
        id=chance.guid(),
        timestamp_ms=moment_ms,
        account=account,
        user_identities=person.identities(chance),
        source_channel="server_to_server",
        mpid=person.mpid,
    )
    return to_dict(request) | {"user_attributes": {}, "events": []}


def one_event(chance: Chance, moment_ms: int) -> dict[str, Any]:
    """Make up one event more, of any kind."""
    kind = chance.choice(list(EventType))
    person, session_id = Person.any(chance), chance.signed_64_bit()
    made = event(kind, person, chance, moment_ms=moment_ms, session_id=session_id)
    content: dict[str, Any] = to_dict(EventProcessingRequest(events=[made]))["events"][0]
    return content


def _about(
    person: Person, chance: Chance, account: Account, moment_ms: int
) -> EventProcessingRequest:
    platform = chance.choice(list(RuntimeEnvironmentType))
    return EventProcessingRequest(
        id=chance.guid(),
        timestamp_ms=moment_ms,
        source_id=chance.guid(),
        account=account,
        partner_identities=[person.partner_identity()] if chance.happens(0.3) else [],
        user_identities=person.identities(chance),
        user_attributes=person.attributes(),
        user_attribute_lists={"languages": chance.some(("de", "en", "nl"), most=3)},
        runtime_environment=device(platform, chance, moment_ms),
        integration_attributes={"Acme.sdkVersion": "2.0"} if chance.happens(0.3) else {},
        source_channel=_CHANNELS.get(platform, "native"),
        device_application_stamp=chance.guid(),
        consent_state=consent_state(chance, moment_ms) if chance.happens(0.5) else None,
        mpid=person.mpid,
        platform_fields=PlatformFields(
            mp_account_id=7,
            mp_account_name="Example customer",
            workspace_id=8,
            workspace_name="Production",
            app_name="Acme Lessons",
            app_version="4.2.0",
        ),
    )


def _notifications(chance: Chance, moment_ms: int) -> list[SystemNotification]:
    made: list[SystemNotification] = []
    if chance.happens(0.3):
        made.append(
            GDPRConsentStateNotification(
                purpose=chance.choice(PURPOSES),
                old_gdpr_consent_state=gdpr_consent(chance, moment_ms),
                new_gdpr_consent_state=gdpr_consent(chance, moment_ms),
            )
        )
    if chance.happens(0.3):
        # without an old state consent is new
        made.append(
            CCPAConsentStateNotification(new_ccpa_consent_state=ccpa_consent(chance, moment_ms))
        )
    return made


def _wire(request: EventProcessingRequest, person: Person) -> dict[str, Any]:
    """Write a request with the tags, which have no value and which our own writer leaves out."""
    content = to_dict(request)
    content["user_attributes"] = person.attributes()
    return content
