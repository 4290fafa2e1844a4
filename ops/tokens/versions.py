"""The token of one region's URL in Secrets Manager: the current one, and the one before.

Endpoints accept both (`lambda_src/endpoint/tokens.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from console.exit_codes import CommandError, UsageError
from console.planned_regions import planned
from firehose.secret import Secret
from ops.live.region import LiveRegion
from plan.names import TOKEN_SECRET_OUTPUT
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

Stored = Literal["stored", "is there already"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenVersion:
    """One stored token: its value, its id in Secrets Manager, since when it is there (ISO)."""

    token: Secret
    identifier: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenVersions:
    """The tokens that one region's URL accepts; none where there is no such version."""

    secret: str
    current: TokenVersion | None
    previous: TokenVersion | None

    @property
    def tokens(self) -> frozenset[Secret]:
        """The tokens that let somebody in."""
        return frozenset(it.token for it in (self.current, self.previous) if it)

    @property
    def valid(self) -> int:
        """How many tokens let somebody in."""
        return len(self.tokens)


def planned_urls(deployment: Path, only: Sequence[str] | None) -> list[RegionPlan]:
    """Plan the regions that have a URL. Raises `UsageError` without any."""
    plans = [plan for plan in planned(deployment, only) if plan.https]
    if not plans:
        raise UsageError(
            f"{deployment} plans no HTTPS endpoint",
            next_step='add "https" to transports, then cdk deploy',
        )
    return plans


def read_versions(live: LiveRegion) -> TokenVersions:
    """Read a region's tokens. Raises `CommandError` with exit code 4 when it is not deployed."""
    secret = live.stack.output(TOKEN_SECRET_OUTPUT)
    return TokenVersions(
        secret=secret,
        current=_version(live.session, secret, "AWSCURRENT"),
        previous=_version(live.session, secret, "AWSPREVIOUS"),
    )


def store(live: LiveRegion, token: Secret) -> Stored:
    """Make a token the current one; the current one becomes the previous one.

    The same token is not stored again: that would take the previous one away. Raises `CommandError`
    while two others are valid: a third would end the oldest, which mParticle may still use.
    """
    found = read_versions(live)
    if found.current and found.current.token == token:
        return "is there already"
    if found.previous and found.valid > 1 and token not in found.tokens:
        raise CommandError(
            f"{live.plan.region}: two tokens are valid, the older one since {found.previous.since}",
            next_step="firehose token retire, once mParticle uses the newer one; then run it again",
        )
    live.session.client("secretsmanager").put_secret_value(
        SecretId=found.secret, SecretString=token.reveal()
    )
    return "stored"


def retire_previous(session: Session, found: TokenVersions) -> None:
    """Take the label off the previous token, which Secrets Manager then forgets."""
    if found.previous:
        session.client("secretsmanager").update_secret_version_stage(
            SecretId=found.secret,
            VersionStage="AWSPREVIOUS",
            RemoveFromVersionId=found.previous.identifier,
        )


def _version(session: Session, secret: str, stage: str) -> TokenVersion | None:
    secrets = session.client("secretsmanager")
    try:
        found = secrets.get_secret_value(SecretId=secret, VersionStage=stage)
    except secrets.exceptions.ResourceNotFoundException:
        return None
    token = found.get("SecretString", "").strip()
    if not token:
        return None
    return TokenVersion(
        token=Secret(token),
        identifier=found["VersionId"],
        since=found["CreatedDate"].isoformat(timespec="seconds"),
    )
