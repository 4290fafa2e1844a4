"""What the hand-off reads of a region besides the endpoints' names: code, room, token, quotas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ops.live.concurrency import concurrency_of
from ops.live.region import LiveRegion
from ops.proof.subject import ProofSubject, subject_of
from ops.readiness.quotas import quotas_of, requests_of
from ops.tokens.acceptance import accepts
from ops.tokens.versions import read_versions
from probe.deployed_stages import endpoints_of, registration_of
from probe.https_endpoint import HttpsEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenFacts:
    """mParticle's token for a region's URL: stored since when (ISO), and whether the URL takes it.

    Both are none while no token is stored.
    """

    stored: str | None
    accepted: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFacts:
    """One region. `concurrency` is what Lambda lets each function serve at once.

    `token` is none without a URL, `registration` whatever the endpoint answers.
    """

    subject: ProofSubject
    concurrency: Mapping[str, int]
    token: TokenFacts | None
    quota_requests: Sequence[Mapping[str, Any]]
    registration: Any


def live_facts(live: LiveRegion) -> LiveFacts:
    """Read them. Raises `CommandError` where nothing is deployed."""
    return LiveFacts(
        subject=subject_of(live),
        concurrency=concurrency_of(live.session, live.endpoints),
        token=_token(live) if live.plan.https else None,
        quota_requests=_quota_requests(live),
        registration=registration_of(endpoints_of(live.session, live.stack)[0]),
    )


def _token(live: LiveRegion) -> TokenFacts:
    current = read_versions(live).current
    if current is None:
        return TokenFacts(stored=None, accepted=None)
    url = HttpsEndpoint.of(live.session, live.stack)
    return TokenFacts(stored=current.since, accepted=accepts(url, current.token))


def _quota_requests(live: LiveRegion) -> list[dict[str, Any]]:
    """List quota requests; without the right to see them the hand-off is still worth having."""
    try:
        return [
            {"quota": quota.text, **asdict(request)}
            for quota in quotas_of(live.plan)
            for request in requests_of(live.session, quota)
        ]
    except live.session.client("service-quotas").exceptions.ClientError:
        return []
