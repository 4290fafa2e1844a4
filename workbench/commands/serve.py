"""`firehose serve`: the HTTPS endpoint's own code behind an HTTP server on this machine."""

from __future__ import annotations

import json
import secrets
import sys
import textwrap
from typing import Annotated, TextIO

import typer

from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, OneRegionOption, planned_one
from console.output import say
from console.token_file import read_token
from endpoint.front_door import FrontDoor
from plan.region_plan import RegionPlan
from workbench.endpoint_server import AnsweredRequest, EndpointServer
from workbench.hook_calls import HookCalls
from workbench.in_process_endpoint import InProcessEndpoint
from workbench.in_process_worker import WorkerTry
from workbench.network_guard import refusal_of
from workbench.one_token import tokens_of
from workbench.openapi_document import openapi
from workbench.service_script import ScriptOption
from workbench.trial_stage import AnswerOption, LiveOption, TakeExchanges, service_of, stage

_LOOK_SECONDS = 0.05


def serve(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: OneRegionOption = None,
    port: Annotated[int, typer.Option(help="0: any free one.", min=0, max=65535)] = 0,
    token: Annotated[
        str | None,
        typer.Option(help="Ask for the token in this file, - for stdin.", metavar="FILE|-"),
    ] = None,
    answer: AnswerOption = "200",
    script: ScriptOption = None,
    live: LiveOption = False,
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
    plan = planned_one(deployment, region)
    if document:
        sys.stdout.write(f"{json.dumps(openapi('/'), indent=2)}\n")
        return
    wanted = read_token(token)
    service = None if live else service_of(answer, script=script)
    out = sys.stdout
    with stop_on_ctrl_c() as stop, stage(plan, service=service) as (endpoint, take_exchanges):
        narration = _Narration(take_exchanges, HookCalls(endpoint.integration), out)
        with _server(plan, endpoint, wanted, port, narration).running() as server:
            for path, url in server.urls.items():
                narration.line(f"{path:<12} {url}")
            while not stop.wait(_LOOK_SECONDS):
                for delivered in endpoint.deliver(due_only=True):
                    narration.delivered(delivered)
        waiting, refused = endpoint.waiting, list(endpoint.refused_hosts)
    if refused:
        say(f"{refusal_of(refused)}, or let it through with --live.")
    lost = f"; {waiting} messages that waited for delivery are gone with it" if waiting else ""
    say(f"The endpoint has stopped{lost}.")


class _Narration:
    """Tells on stdout what happens, a line each; several threads may tell."""

    def __init__(self, take_exchanges: TakeExchanges, hooks: HookCalls, out: TextIO) -> None:
        self._take_exchanges = take_exchanges
        self._hooks = hooks
        self._out = out

    def line(self, text: str) -> None:
        self._out.write(f"{text}\n")
        self._out.flush()

    def answered(self, request: AnsweredRequest) -> None:
        message = f" {request.message_type} {request.message_id}".rstrip()
        self.line(
            f"{request.method} {request.path} {request.status}{message}"
            f" in {request.milliseconds:.1f} ms"
        )
        self._calls()

    def delivered(self, it: WorkerTry) -> None:
        again = f", again in {it.wait_seconds} s" if it.wait_seconds else ""
        error = f", {it.error}" if it.error else ""
        self.line(f"worker {it.outcome} {it.message_type} {it.message_id}{error}{again}")
        self._calls()

    def _calls(self) -> None:
        """Tell of the calls to the partner's service, not what they carry, and of bugs."""
        for exchange in self._take_exchanges():
            path = exchange.call.path.partition("?")[0]
            answer = "cut" if exchange.answer.resets else exchange.answer.status
            self.line(f"  call {exchange.call.method} {path} {answer}")
        for bug in self._hooks.take_bugs():
            self.line(textwrap.indent(f"raised\n{bug.trace}", "  "))


def _server(
    plan: RegionPlan,
    endpoint: InProcessEndpoint,
    wanted: str | None,
    port: int,
    narration: _Narration,
) -> EndpointServer:
    token = wanted or secrets.token_urlsafe()
    door = FrontDoor(
        endpoint.integration, acceptance=endpoint.acceptance("https"), tokens=tokens_of(token)
    )
    try:
        return EndpointServer(
            door,
            timeout_seconds=plan.function.timeout_seconds,
            port=port,
            prefix=plan.https.prefix if plan.https else "",
            document=openapi,
            token=None if wanted else token,
            answered=narration.answered,
        )
    except OSError as error:
        raise CommandError(
            f"port {port} cannot be used: {error.strerror}",
            next_step="leave out --port for any free one",
            exit_code=ExitCode.USAGE,
        ) from None
