"""Made-up audience messages: an audience is connected, people enter and leave it."""

from __future__ import annotations

from typing import Any

from firehose import (
    Account,
    AttributeAction,
    Audience,
    AudienceAction,
    AudienceMembershipChangeRequest,
    AudienceSubscriptionRequest,
    DeviceIdentityType,
    SubscriptionAction,
    UserAttributeAudienceEvent,
    UserProfile,
    to_dict,
)
from probe.samples.chance import Chance
from probe.samples.devices import identity
from probe.samples.people import PLANS, Person

_AUDIENCES = ("Finished three lessons", "Trial users", "Bought a workbook", "Has not come back")


def subscription(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make up that a customer connected, changed or removed an audience."""
    number = chance.randrange(len(_AUDIENCES))
    request = AudienceSubscriptionRequest(
        id=chance.guid(),
        timestamp_ms=moment_ms,
        account=account,
        audience_id=number + 1,
        audience_name=_AUDIENCES[number],
        audience_description="Made up for a test",
        action=chance.choice(list(SubscriptionAction)),
    )
    return to_dict(request)


def membership(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make up one to four people whose audiences changed."""
    profiles = [_profile(chance) for _ in range(chance.randint(1, 4))]
    return to_dict(_membership(chance, account, moment_ms, profiles))


def idle(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make the request with which mParticle checks that the endpoint is alive."""
    return to_dict(_membership(chance, account, moment_ms, None))


def small(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make the smallest membership change that people can be added to."""
    return to_dict(_membership(chance, account, moment_ms, [_profile(chance)]))


def one_profile(chance: Chance) -> dict[str, Any]:
    """Make up one person more."""
    message = to_dict(_membership(chance, Account(), 0, [_profile(chance)]))
    profile: dict[str, Any] = message["user_profiles"][0]
    return profile


def _membership(
    chance: Chance, account: Account, moment_ms: int, profiles: list[UserProfile] | None
) -> AudienceMembershipChangeRequest:
    return AudienceMembershipChangeRequest(
        id=chance.guid(), timestamp_ms=moment_ms, account=account, user_profiles=profiles
    )


def _profile(chance: Chance) -> UserProfile:
    person = Person.any(chance)
    devices = chance.some(list(DeviceIdentityType), most=2)
    return UserProfile(
        user_identities=person.identities(chance),
        device_identities=[identity(kind, chance) for kind in devices],
        partner_identities=[person.partner_identity()] if chance.happens(0.3) else [],
        audiences=[
            _audience(number, chance) for number in chance.some(range(len(_AUDIENCES)), most=3)
        ],
        mpid=person.mpid,
    )


def _audience(number: int, chance: Chance) -> Audience:
    action = chance.choice(list(AudienceAction))
    audience = Audience(
        audience_id=number + 1,
        audience_name=_AUDIENCES[number],
        action=action,
    )
    if action is AudienceAction.ATTRIBUTE_UPDATE:
        audience.user_attributes = [
            UserAttributeAudienceEvent(
                key="plan", value=chance.choice(PLANS), action=AttributeAction.UPSERT
            ),
            UserAttributeAudienceEvent(
                key="languages", list_value=["de", "en"], action=AttributeAction.UPSERT
            ),
            UserAttributeAudienceEvent(key="trial", action=AttributeAction.DELETE),
        ]
    return audience
