"""What Acme's service is told about each message: the bodies of the calls.

Ids of people stay `Secret` in here; they are revealed where the body is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from firehose import (
    Audience,
    AudienceAction,
    AudienceMembershipChangeRequest,
    AudienceSubscriptionRequest,
    CCPAConsentStateNotification,
    Consent,
    ConsentState,
    CustomEvent,
    DsrProcessingRequest,
    Event,
    EventProcessingRequest,
    GDPRConsentStateNotification,
    Identity,
    Product,
    ProductActionEvent,
    ScreenViewEvent,
    SessionEndEvent,
    SystemNotification,
    UserAttributeChangeEvent,
    UserIdentityChangeEvent,
    UserProfile,
)

from .registration import KEEP_DAYS, LIST_ID, PROJECT, SEND_LOCATION, WEIGHT

Content = dict[str, Any]
"""What becomes JSON; it may hold secrets."""

_CHANGES = {
    AudienceAction.ADD: "entered",
    AudienceAction.DELETE: "left",
    AudienceAction.ATTRIBUTE_UPDATE: "updated",
}


def of_batch(request: EventProcessingRequest) -> Content:
    """Tell who the user is, what happened, and how the customer wants it treated."""
    account, device = request.account, request.runtime_environment
    with_location = bool(account and account.boolean_setting(SEND_LOCATION, False))
    return {
        "id": request.id,
        "account": account.account_id if account else None,
        "project": account.text_setting(PROJECT, "main") if account else "main",
        "keep_days": account.integer_setting(KEEP_DAYS, 365) if account else 365,
        "weight": account.float_setting(WEIGHT, 1.0) if account else 1.0,
        "user": {
            "mpid": request.mpid,
            "identities": _identities([*request.user_identities, *request.partner_identities]),
            "attributes": {**request.user_attributes, **request.user_attribute_lists},
            "consent": _consent(request.consent_state),
        },
        "device": {"platform": device.type, "identities": _identities(device.identities)}
        if device
        else None,
        "consent_changes": [_consent_change(one) for one in request.system_notifications],
        "events": [_event(event, with_location=with_location) for event in request.events],
    }


def of_subscription(request: AudienceSubscriptionRequest) -> Content:
    """Tell that an audience is to be mirrored from now on, has changed, or is no more."""
    return {
        "id": request.id,
        "account": request.account.account_id if request.account else None,
        "audience": request.audience_id,
        "list": request.text_setting(LIST_ID, None),
        "name": request.audience_name,
        "description": request.audience_description,
        "action": request.action,
    }


def of_membership(request: AudienceMembershipChangeRequest) -> Content:
    """Tell which users entered or left which audiences."""
    return {
        "id": request.id,
        "account": request.account.account_id if request.account else None,
        "changes": [
            _membership(profile, audience)
            for profile in request.user_profiles or ()
            for audience in profile.audiences
        ],
    }


def of_erasure(request: DsrProcessingRequest) -> Content:
    """Tell whose data is to be erased, by the names that events have for the same ids."""
    return {
        "id": request.id,
        "account": request.account.account_id if request.account else None,
        "request": request.subject_request_id,
        "kind": request.subject_request_type,
        "regulation": request.regulation,
        "submitted": str(request.submitted_time) if request.submitted_time else None,
        "identities": [
            {
                "type": kind.event_identity_type or kind,
                "encoding": identity.encoding,
                "value": identity.value,
            }
            for kind, identity in request.subject_identities.items()
            if identity
        ],
    }


def _event(event: Event, *, with_location: bool) -> Content:
    place = event.location if with_location else None
    return {
        "id": event.id,
        "kind": event.type,
        "at_ms": event.timestamp_ms,
        "session": event.session_id,
        "place": [place.latitude, place.longitude] if place else None,
        **_details(event),
    }


def _details(event: Event) -> Content:  # noqa: PLR0911 - one for each kind
    """Tell what only this kind of event has."""
    match event:
        case CustomEvent():
            return {"name": event.name, "attributes": event.attributes}
        case ScreenViewEvent():
            return {"name": event.screen_name, "attributes": event.attributes}
        case SessionEndEvent():
            return {"lasted_ms": event.session_length_ms}
        case ProductActionEvent():
            return {
                "name": event.action,
                "attributes": event.attributes,
                "order": event.transaction_id,
                "total": event.total_amount,
                "currency": event.currency_code,
                "products": [_product(product) for product in event.products],
            }
        case UserAttributeChangeEvent():
            return {"set": event.added, "removed": list(event.removed)}
        case UserIdentityChangeEvent():
            return {"added": _identities(event.added), "removed": _identities(event.removed)}
        case _:
            return {}


def _product(product: Product) -> Content:
    return {
        "id": product.id,
        "name": product.name,
        "price": product.price,
        "quantity": product.quantity,
    }


def _membership(profile: UserProfile, audience: Audience) -> Content:
    return {
        "user": {
            "mpid": profile.mpid,
            "identities": _identities(
                [
                    *profile.user_identities,
                    *profile.device_identities,
                    *profile.partner_identities,
                ]
            ),
        },
        "audience": audience.audience_id,
        "list": audience.text_setting(LIST_ID, None),
        # A word newer than this code is passed on as it is.
        "change": _CHANGES.get(audience.action, audience.action) if audience.action else None,
        "attributes": [
            {
                "name": one.key,
                "value": one.list_value or one.value,
                "action": one.action,
            }
            for one in audience.user_attributes
            if one.key
        ],
    }


def _identities(identities: Sequence[Identity]) -> list[Content]:
    return [{"type": one.type, "encoding": one.encoding, "value": one.value} for one in identities]


def _consent(state: ConsentState | None) -> Content:
    """Tell what the user agreed to by law and purpose; under CCPA, true means opted out."""
    if state is None:
        return {}
    return {
        "gdpr": {name: one.consented for name, one in state.gdpr_consent_state.items() if one},
        "ccpa": {name: one.consented for name, one in state.ccpa_consent_state.items() if one},
    }


def _consent_change(change: SystemNotification) -> Content:
    match change:
        case GDPRConsentStateNotification():
            return _decision("gdpr", change.purpose, change.new_gdpr_consent_state)
        case CCPAConsentStateNotification():
            return _decision("ccpa", change.purpose, change.new_ccpa_consent_state)
        case _:
            return {"law": change.type}


def _decision(law: str, purpose: str | None, now: Consent | None) -> Content:
    """Tell what a user decided; nothing is left of a consent that was withdrawn."""
    return {"law": law, "purpose": purpose, "consented": now.consented if now else None}
