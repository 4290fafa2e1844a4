"""What may wait in a queue, by message family, and how mParticle is told that it was taken."""

from __future__ import annotations

from typing import Literal, TypeAlias

from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    DsrProcessingRequest,
    DsrProcessingResponse,
    EventProcessingRequest,
    EventProcessingResponse,
    Request,
    Response,
)

Family: TypeAlias = Literal["events", "audiences", "dsr"]

_QUEUEABLE: dict[type[Request], tuple[Family, type[Response]]] = {
    EventProcessingRequest: ("events", EventProcessingResponse),
    AudienceMembershipChangeRequest: ("audiences", AudienceMembershipChangeResponse),
    DsrProcessingRequest: ("dsr", DsrProcessingResponse),
}


def family_of(request: Request) -> Family | None:
    """Give the family of a request that may be queued.

    None for what mParticle needs the integration's own answer to (registration, subscription) and
    for a check that the endpoint is alive, which has nothing to deliver.
    """
    if type(request) not in _QUEUEABLE or request.is_idle:
        return None
    return _QUEUEABLE[type(request)][0]


def acknowledgement(request: Request) -> Response:
    """Make the response to a request that `family_of` gives a family for."""
    return _QUEUEABLE[type(request)][1](id=request.id)
