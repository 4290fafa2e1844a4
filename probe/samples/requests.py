"""The made-up requests about nobody's events: registration, and erasure of somebody's data."""

from __future__ import annotations

from typing import Any

from firehose import (
    Account,
    DsrProcessingRequest,
    DsrType,
    Instant,
    ModuleRegistrationRequest,
    OpenDsrEncoding,
    OpenDsrIdentity,
    OpenDsrIdentityType,
    RegulationType,
    Secret,
    to_dict,
)
from probe.samples.chance import Chance
from probe.samples.people import Person


def registration(chance: Chance, _account: Account, moment_ms: int) -> dict[str, Any]:
    """Make the request that asks an integration what it is."""
    return to_dict(ModuleRegistrationRequest(id=chance.guid(), timestamp_ms=moment_ms))


def erasure(chance: Chance, account: Account, moment_ms: int) -> dict[str, Any]:
    """Make up that somebody asked a week ago for the erasure of their data."""
    person = Person.any(chance)
    kinds = chance.some(list(OpenDsrIdentityType), most=4)
    request = DsrProcessingRequest(
        id=chance.guid(),
        timestamp_ms=moment_ms,
        account=account,
        subject_request_id=chance.guid(),
        subject_request_type=DsrType.ERASURE,
        submitted_time=Instant(moment_ms // 1_000 - 7 * 24 * 3_600),
        subject_identities={kind: _identity(kind, person, chance) for kind in kinds},
        api_version="3.0",
        regulation=chance.choice(list(RegulationType)),
    )
    return to_dict(request)


def _identity(kind: OpenDsrIdentityType, person: Person, chance: Chance) -> OpenDsrIdentity:
    if kind is OpenDsrIdentityType.EMAIL:
        text = person.email(chance)
    elif kind is OpenDsrIdentityType.CONTROLLER_CUSTOMER_ID:
        text = f"customer-{person.number}"
    else:
        text = chance.guid()
    return OpenDsrIdentity(encoding=OpenDsrEncoding.RAW, value=Secret(text))
