"""Which types of message mParticle sends an integration, by what it registers for."""

from __future__ import annotations

from firehose import InvalidMessage, ModuleRegistrationResponse, decode

REGISTRATION = "module_registration_request"
BATCH = "event_processing_request"
SUBSCRIPTION = "audience_subscription_request"
MEMBERSHIP = "audience_membership_change_request"
ERASURE = "dsr_processing_request"

FAMILY_TYPES = (BATCH, SUBSCRIPTION, MEMBERSHIP, ERASURE)
"""All that an integration can register for; registration itself is asked of everybody."""
MAIN_TYPES = (BATCH, MEMBERSHIP, ERASURE)
"""One of each family: what is delivered to the partner's service. Nearly all calls come first."""


def registration_in(content: object) -> ModuleRegistrationResponse | None:
    """Read what an endpoint answered; none where it is no registration."""
    try:
        response = decode(content) if isinstance(content, dict) else None
    except InvalidMessage:
        return None
    return response if isinstance(response, ModuleRegistrationResponse) else None


def registered_types(registration: ModuleRegistrationResponse | None) -> frozenset[str] | None:
    """Give the types besides registration; none where the registration cannot be read."""
    if registration is None:
        return None
    blocks = {
        (BATCH,): registration.event_processing_registration,
        (SUBSCRIPTION, MEMBERSHIP): registration.audience_processing_registration,
        (ERASURE,): registration.dsr_processing_registration,
    }
    return frozenset(it for types, block in blocks.items() if block is not None for it in types)
