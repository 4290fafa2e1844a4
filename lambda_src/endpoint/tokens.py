"""The token with which mParticle proves itself over HTTPS: the current one and the one before."""

from __future__ import annotations

import hmac
import time
from collections.abc import Callable

from endpoint.aws import AwsClient, AwsError, JsonService

SECRETS_MANAGER = JsonService(
    id="Secrets Manager", endpoint="secretsmanager", target="secretsmanager", json_version="1.1"
)

RELOAD_SECONDS = 60.0
"""A wrong token makes us ask for newer ones this often at most, whoever sends it."""
KEPT_SECONDS = 900.0
"""How old what we know may become, so that a retired token ends in every process."""
RETRY_SECONDS = 1.0
"""How soon Secrets Manager is asked again after it failed."""

_STAGES = ("AWSCURRENT", "AWSPREVIOUS")


class TokensUnavailableError(Exception):
    """Secrets Manager does not answer, so nobody can be let in or turned away; names its error."""


class Tokens:
    """The tokens of one secret, read again for one that is not among them or after 15 minutes."""

    def __init__(
        self,
        client: AwsClient,
        secret: str,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._secret = secret
        self._clock = clock
        self._known: tuple[bytes, ...] = ()
        self._reload_at = clock()
        self._stale_at = clock() + KEPT_SECONDS
        self._failure: str | None = None
        self._asked_for: int | None = None

    @property
    def exist(self) -> bool:
        """Whether a token was stored when we last looked."""
        return bool(self._known)

    def include(self, token: str) -> bool:
        """Tell whether a token is the current or the previous one, in a time that tells nothing.

        Raises `TokensUnavailableError` when that cannot be known now: Secrets Manager fails, or
        was asked about another token less than a minute ago. mParticle repeats what is answered
        then, but not what is answered to a wrong token, and this may be the newest one.
        """
        given = token.encode(errors="replace")
        if self._clock() >= self._stale_at:
            self.load()  # should that fail, what is known stays good
            self._stale_at = self._clock() + (RELOAD_SECONDS if self._failure else KEPT_SECONDS)
        if self._is_known(given):
            return True
        if self._clock() >= self._reload_at:
            self.load()
            self._reload_at = self._clock() + (RETRY_SECONDS if self._failure else RELOAD_SECONDS)
            self._asked_for = hash(given)
            if self._is_known(given):
                return True
        if self._failure:
            raise TokensUnavailableError(self._failure)
        if self._known and hash(given) != self._asked_for:
            raise TokensUnavailableError("asked about another token less than a minute ago")
        return False

    def load(self) -> None:
        """Ask Secrets Manager; if that fails, what is known stays and is asked for again soon."""
        try:
            values = [self._value(stage) for stage in _STAGES]
        except AwsError as error:
            self._failure = f"GetSecretValue failed: {error.code}"
            return
        self._known = tuple(value.encode() for value in values if value)
        self._failure = None

    def _value(self, stage: str) -> str | None:
        """Read one version; none where there is none, as before mParticle sent the first token."""
        try:
            found = self._client.call(
                "GetSecretValue", {"SecretId": self._secret, "VersionStage": stage}
            )
        except AwsError as error:
            if error.code == "ResourceNotFoundException":
                return None
            raise
        return str(found.get("SecretString", "")).strip()

    def _is_known(self, given: bytes) -> bool:
        # all are compared, so that the time does not tell which one is close
        return sum(hmac.compare_digest(given, known) for known in self._known) > 0
