"""`firehose serve`: the HTTPS endpoint's own code behind an HTTP server on this machine."""

from __future__ import annotations

import json
import secrets
import sys
from pathlib import Path
from typing import Annotated, Any, TextIO, cast

import typer

from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, planned
from console.output import say
from endpoint.front_door import FrontDoor
from endpoint.tokens import Tokens
from plan.region_plan import RegionPlan
from workbench.http_server import Answered, EndpointServer, running
from workbench.in_process import Delivered, InProcessEndpoint
from workbench.messages import STANDARD_INPUT
from workbench.network_guard import refusal_of
from workbench.openapi import openapi
from workbench.stage import Take, behaviour_of, stage

_LOOK_SECONDS = 0.05


def serve(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: Annotated[
        str | None,
        typer.Option(help="By this region's plan; left out, by the first.", metavar="REGION"),
    ] = None,
    port: Annotated[int, typer.Option(help="0: any free one.", min=0, max=65535)] = 0,
    token: Annotated[
        str | None,
        typer.Option(help="Ask for the token in this file, - for stdin.", metavar="FILE|-"),
    ] = None,
    answer: Annotated[
        str,
        typer.Option(help="What your service answers: a status, slow or reset.", metavar="ANSWER"),
    ] = "200",
    live: Annotated[
        bool, typer.Option("--live", help="Let the calls go where they are meant to go.")
    ] = False,
    document: Annotated[
        bool, typer.Option("--openapi", help="Print the OpenAPI document and end.")
    ] = False,
) -> None:
    """Serve the endpoint on this machine until Ctrl-C, for anything that can post a message.

    The endpoint's own code answers; what is queued is delivered by the worker's, from memory.
    Prints the URLs, then a line for each request, each delivery and each call to your service,
    which is a stand-in as with `firehose try`. /openapi.json describes it all. Only registration
    is open with --token; without, everything is.

    Example: firehose serve --port 8080
    """
    plan = planned(deployment, [region] if region else None)[0]
    if document:
        sys.stdout.write(f"{json.dumps(openapi('/'), indent=2)}\n")
        return
    wanted = _token(token)
    service = None if live else behaviour_of(answer, retry_after=None)
    out = sys.stdout
    with stop_on_ctrl_c() as stop, stage(plan, service=service) as (endpoint, take_exchanges):
        desk = _Desk(take_exchanges, out)
        with running(_server(plan, endpoint, wanted, port, desk)) as server:
            for path, url in server.urls.items():
                desk.line(f"{path:<12} {url}")
            while not stop.wait(_LOOK_SECONDS):
                for delivered in endpoint.deliver(due_only=True):
                    desk.delivered(delivered)
        waiting, refused = endpoint.waiting, list(endpoint.refused_hosts)
    if refused:
        say(f"{refusal_of(refused)}, or let it through with --live.")
    lost = f"; {waiting} messages that waited for delivery are gone with it" if waiting else ""
    say(f"The endpoint has stopped{lost}.")


class _Desk:
    """Tells on stdout what happens, a line each; several threads may tell."""

    def __init__(self, take_exchanges: Take, out: TextIO) -> None:
        self._take_exchanges = take_exchanges
        self._out = out

    def line(self, text: str) -> None:
        self._out.write(f"{text}\n")
        self._out.flush()

    def answered(self, request: Answered) -> None:
        message = f" {request.message_type} {request.message_id}".rstrip()
        self.line(
            f"{request.method} {request.path} {request.status}{message}"
            f" in {request.milliseconds:.1f} ms"
        )
        self._rest()

    def delivered(self, it: Delivered) -> None:
        again = f", again in {it.wait_seconds} s" if it.wait_seconds else ""
        error = f", {it.error}" if it.error else ""
        self.line(f"worker {it.outcome} {it.message_type} {it.message_id}{error}{again}")
        self._rest()

    def _rest(self) -> None:
        """Tell of the calls to the partner's service: their places, not what they carry."""
        for exchange in self._take_exchanges():
            path = exchange.call.path.partition("?")[0]
            answer = "cut" if exchange.answer.resets else exchange.answer.status
            self.line(f"  call {exchange.call.method} {path} {answer}")


class _OneSecret:
    """Secrets Manager with one token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def get_secret_value(
        self,
        *,
        SecretId: str,  # noqa: N803 - botocore's spelling, here and below
        VersionStage: str,  # noqa: N803
    ) -> dict[str, str]:
        return {"SecretString": self._token if VersionStage == "AWSCURRENT" else ""}


def _server(
    plan: RegionPlan, endpoint: InProcessEndpoint, wanted: str | None, port: int, desk: _Desk
) -> EndpointServer:
    token = wanted or secrets.token_urlsafe()
    tokens = Tokens(cast("Any", _OneSecret(token)), "memory")
    tokens.load()
    door = FrontDoor(endpoint.integration, acceptance=endpoint.acceptance, tokens=tokens)
    try:
        return EndpointServer(
            door,
            timeout_seconds=plan.function.timeout_seconds,
            port=port,
            prefix=plan.https.prefix if plan.https else "",
            document=openapi,
            token=None if wanted else token,
            answered=desk.answered,
        )
    except OSError as error:
        raise CommandError(
            f"port {port} cannot be used: {error.strerror}",
            next_step="leave out --port for any free one",
            exit_code=ExitCode.USAGE,
        ) from None


def _token(source: str | None) -> str | None:
    """Read the token, which no argument should show. Raises `CommandError` with exit code 2."""
    if source is None:
        return None
    try:
        text = sys.stdin.read() if source == STANDARD_INPUT else Path(source).read_text()
    except (OSError, UnicodeDecodeError):
        text = ""
    token = text.strip()
    if not token or set(token) & set(", \n"):
        raise CommandError(
            f"--token: {source} holds no token",
            next_step="give a file with one token and nothing else, or - and the token on stdin",
            exit_code=ExitCode.USAGE,
        )
    return token
