"""The HTTPS endpoint of one region: its URL, its token, and how mParticle posts to it."""

from __future__ import annotations

import json
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from endpoint.http_request import MESSAGE_TYPES, OPEN_PATH
from ops.console.exit_codes import CommandError
from ops.deployed.outputs import read_output
from ops.proof.probes import Probe
from plan.names import ENDPOINT_URL_OUTPUT, TOKEN_SECRET_OUTPUT
from plan.regions import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

_SECONDS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsEndpoint:
    """A deployed URL: as mParticle is `given` it, as it is `called` from here, with its token.

    `token` is none before mParticle has sent one.
    """

    region: str
    given: str
    called: str
    token: str | None = field(repr=False)

    @classmethod
    def of(cls, session: Session, plan: RegionPlan) -> HttpsEndpoint:
        """Read URL and token of a region. Raises `CommandError` when it is not deployed."""
        given = endpoint_url(session, plan)
        return cls(
            region=plan.region,
            given=given,
            called=_reachable(given, os.environ),
            token=_token(session, read_output(session, plan, TOKEN_SECRET_OUTPUT)),
        )

    def serves(self, probe: Probe) -> bool:
        """Whether a message can be sent yet: without a token, only registration."""
        return self.token is not None or path_of(probe) == OPEN_PATH

    def headers_for(self, probe: Probe) -> dict[str, str]:
        """Give the headers that mParticle sends with a message."""
        headers = {"Content-Type": "application/json"}
        if self.token and path_of(probe) != OPEN_PATH:
            headers["Authorization"] = f"Token {self.token}"
        return headers

    def post(self, probe: Probe) -> tuple[int, Any]:
        """Send a probe as mParticle would; give the status and the parsed body, none if not JSON.

        Raises `CommandError` when nobody answers.
        """
        headers = self.headers_for(probe)
        url = f"{self.called}/{path_of(probe)}"
        request = urllib.request.Request(  # noqa: S310 - the URL of our own stack
            url, data=json.dumps(probe.request).encode(), headers=headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS) as response:  # noqa: S310 - see above
                return response.status, _parsed(response.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, _parsed(error.read())
        except OSError as error:
            raise CommandError(
                f"{self.region}: {url} cannot be reached: {type(error).__name__}",
                next_step="check the network and, with a domain of yours, its DNS record",
            ) from None


def endpoint_url(session: Session, plan: RegionPlan) -> str:
    """Read the URL that mParticle is given; the paths come after it."""
    return read_output(session, plan, ENDPOINT_URL_OUTPUT)


def paths_of(url: str) -> list[str]:
    """Give every URL that mParticle posts to."""
    return [f"{url}/{path}" for path in MESSAGE_TYPES]


def path_of(probe: Probe) -> str:
    """Give the path below the URL that a message is posted to."""
    (path,) = (path for path, types in MESSAGE_TYPES.items() if probe.request["type"] in types)
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


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
