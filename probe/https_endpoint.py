"""A URL that mParticle posts to: its paths, its token, and how it is called."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from cloud.stack import DeployedStack
from console.exit_codes import CommandError, UsageError
from endpoint.http_request import MESSAGE_TYPES, OPEN_PATH
from plan.names import ENDPOINT_URL_OUTPUT, TOKEN_SECRET_OUTPUT
from probe.endpoint_answer import Body, EndpointAnswer, as_bytes, parsed
from probe.open_loop_load import MOST_AT_ONCE

if TYPE_CHECKING:
    from boto3.session import Session
    from urllib3 import PoolManager

_SECONDS = 60


def _connections() -> PoolManager:
    """Keep connections open, and send everything once, as mParticle does."""
    import urllib3  # noqa: PLC0415 - see cloud.regions

    return urllib3.PoolManager(maxsize=MOST_AT_ONCE, timeout=_SECONDS, retries=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsEndpoint:
    """A URL: as mParticle is `given` it, as it is `called` from here, with its token.

    `token` is none before mParticle has sent one.
    """

    name: str
    given: str
    called: str
    token: str | None = field(repr=False)
    transport: Literal["https"] = "https"
    _pool: PoolManager = field(default_factory=_connections, repr=False, compare=False)

    @classmethod
    def of(cls, session: Session, stack: DeployedStack) -> HttpsEndpoint:
        """Give the URL of a region, with its token. Raises `CommandError` when there is none."""
        given = endpoint_url(stack)
        return cls(
            name=stack.plan.region,
            given=given,
            called=_reachable(given, os.environ),
            token=_token(session, stack.output(TOKEN_SECRET_OUTPUT)),
        )

    @classmethod
    def at(cls, url: str, *, token: str | None) -> HttpsEndpoint:
        """Take the URL that a command was given.

        Raises `UsageError` for one that paths cannot be added to.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query:
            raise UsageError(
                f"--url: found {url}, which is no URL that paths can come after",
                next_step="firehose handoff shows yours",
            )
        base = url.rstrip("/")
        return cls(name=base, given=base, called=base, token=token)

    def serves(self, message_type: str) -> bool:
        """Whether a message can be sent yet: without a token, only registration."""
        return self.token is not None or path_of(message_type) == OPEN_PATH

    def send(self, body: Body, *, message_type: str) -> EndpointAnswer:
        """Post it once. Raises `CommandError` when nobody answers."""
        from urllib3.exceptions import HTTPError  # noqa: PLC0415 - see cloud.regions

        path = path_of(message_type)
        headers = {"Content-Type": "application/json"}
        if self.token and path != OPEN_PATH:
            headers["Authorization"] = f"Token {self.token}"
        payload = as_bytes(body)
        started = time.perf_counter()
        try:
            response = self._pool.request(
                "POST", f"{self.called}/{path}", body=payload, headers=headers
            )
        except HTTPError as error:
            raise CommandError(
                f"{self.name}: {self.called}/{path} cannot be reached: {type(error).__name__}",
                next_step="check the network and, with a domain of yours, its DNS record",
            ) from None
        milliseconds = (time.perf_counter() - started) * 1000
        content = parsed(response.data)
        return EndpointAnswer(status=response.status, content=content, milliseconds=milliseconds)


def endpoint_url(stack: DeployedStack) -> str:
    """Give the URL that mParticle is given; the paths come after it."""
    return stack.output(ENDPOINT_URL_OUTPUT)


def paths_of(url: str) -> list[str]:
    """Give every URL that mParticle posts to."""
    return [f"{url}/{path}" for path in MESSAGE_TYPES]


def path_of(message_type: str) -> str:
    """Give the path below the URL that messages of a type are posted to."""
    (path,) = (path for path, types in MESSAGE_TYPES.items() if message_type in types)
    return path


def _reachable(url: str, environment: Mapping[str, str]) -> str:
    """Translate the API's name, which the embedded AWS answers for below a path of its own."""
    aws = environment.get("AWS_ENDPOINT_URL")
    parts = urlsplit(url)
    api, _, service = parts.netloc.partition(".")
    if not aws or not service.startswith("execute-api."):
        return url
    return f"{aws}/_aws/execute-api/{api}/$default{parts.path}"


def _token(session: Session, secret: str) -> str | None:
    secrets = session.client("secretsmanager")
    try:
        return secrets.get_secret_value(SecretId=secret)["SecretString"].strip() or None
    except secrets.exceptions.ResourceNotFoundException:
        return None
