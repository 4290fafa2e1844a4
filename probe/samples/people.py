"""People who do not exist: their ids of every type, attributes and consent.

Everything that could be somebody's is reserved for examples: names of domains (RFC 2606), telephone
numbers 555-0100 to 555-0199 and addresses of networks (RFC 5737). Names are a colour and an animal.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from firehose import (
    CCPA_PURPOSE,
    CCPAConsent,
    ConsentState,
    Encoding,
    GDPRConsent,
    PartnerIdentity,
    Secret,
    UserIdentity,
    UserIdentityType,
)
from probe.samples.chance import Chance

COLOURS = ("Amber", "Azure", "Coral", "Indigo", "Ivory", "Jade", "Lilac", "Ochre", "Ruby", "Teal")
ANIMALS = ("Badger", "Crane", "Fox", "Heron", "Lynx", "Marten", "Otter", "Raven", "Stoat", "Wren")
DOMAINS = ("example.com", "example.net", "example.org")
CITIES = {
    "Utrecht": (52.09, 5.12),
    "Leipzig": (51.34, 12.37),
    "Denver": (39.74, -104.99),
    "Hobart": (-42.88, 147.33),
}
PLANS = ("free", "silver", "gold")
PURPOSES = ("analytics", "advertising", "location_access")
PHONES = {
    UserIdentityType.MOBILE_NUMBER,
    UserIdentityType.PHONE_NUMBER_2,
    UserIdentityType.PHONE_NUMBER_3,
}
_YEAR_MS = 365 * 24 * 3_600 * 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody made up; `mpid` is mParticle's profile id, a signed 64-bit number as text."""

    first_name: str
    last_name: str
    number: int
    mpid: str
    city: str
    plan: str

    @classmethod
    def any(cls, chance: Chance) -> Person:
        """Make up somebody."""
        return cls(
            first_name=chance.choice(COLOURS),
            last_name=chance.choice(ANIMALS),
            number=chance.randrange(10**6),
            mpid=str(chance.signed_64_bit()),
            city=chance.choice(list(CITIES)),
            plan=chance.choice(PLANS),
        )

    def email(self, chance: Chance) -> str:
        """Give an address that nobody can have."""
        name = f"{self.first_name}.{self.last_name}.{self.number}".lower()
        return f"{name}@{chance.choice(DOMAINS)}"

    def attributes(self) -> dict[str, str | None]:
        """Give the user attributes; one without a value is a tag."""
        return {
            "$FirstName": self.first_name,
            "$LastName": self.last_name,
            "$City": self.city,
            "plan": self.plan,
            "lifetime_value": f"{self.number % 5_000}.50",
            "newsletter": None,
        }

    def identity(self, kind: UserIdentityType, chance: Chance) -> UserIdentity:
        """Give one id, as it is or hashed as mParticle hashes: trimmed and in lower case."""
        text = self._identity_text(kind, chance)
        encoding = chance.choice(list(Encoding))
        if encoding is not Encoding.RAW:
            digest = hashlib.new(encoding.value, text.lower().encode(), usedforsecurity=False)
            text = digest.hexdigest()
        return UserIdentity(type=kind, encoding=encoding, value=Secret(text))

    def identities(self, chance: Chance) -> list[UserIdentity]:
        """Give some ids, each of another type."""
        kinds = chance.some(list(UserIdentityType), most=4)
        return [self.identity(kind, chance) for kind in kinds]

    def partner_identity(self) -> PartnerIdentity:
        """Give the id in the partner's own system."""
        value = Secret(f"partner-{self.number}")
        return PartnerIdentity(type="Acme_UserId", encoding=Encoding.RAW, value=value)

    def _identity_text(self, kind: UserIdentityType, chance: Chance) -> str:
        if kind is UserIdentityType.EMAIL:
            return self.email(chance)
        if kind in PHONES:
            return f"+1202555{100 + self.number % 100:04}"
        return f"{kind.value}-{self.number}"


def consent_state(chance: Chance, moment_ms: int) -> ConsentState:
    """Make up what somebody agreed to, some time in the year before."""
    purposes = chance.some(PURPOSES, most=len(PURPOSES))
    return ConsentState(
        gdpr_consent_state={purpose: gdpr_consent(chance, moment_ms) for purpose in purposes},
        ccpa_consent_state={CCPA_PURPOSE: ccpa_consent(chance, moment_ms)},
    )


def gdpr_consent(chance: Chance, moment_ms: int) -> GDPRConsent:
    """Make up one decision under GDPR."""
    return GDPRConsent(
        consented=chance.happens(0.7),
        document=f"privacy_notice_v{chance.randint(1, 9)}",
        timestamp_unixtime_ms=moment_ms - chance.randrange(_YEAR_MS),
        location="https://www.example.com/consent",
        hardware_id=chance.guid(),
    )


def ccpa_consent(chance: Chance, moment_ms: int) -> CCPAConsent:
    """Make up one decision under CCPA."""
    return CCPAConsent(
        consented=chance.happens(0.2),
        document=f"ccpa_notice_v{chance.randint(1, 9)}",
        timestamp_unixtime_ms=moment_ms - chance.randrange(_YEAR_MS),
        location="https://www.example.com/do-not-sell",
    )
