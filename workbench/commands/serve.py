"""`firehose serve`: the HTTPS endpoint's own code behind an HTTP server on this machine."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, OneRegionOption
from console.output import say
from console.token_file import read_token
from workbench.network_guard import refusal_of
from workbench.openapi_document import openapi
from workbench.service_script import ScriptOption
from workbench.studio.narration import Narration
from workbench.studio.served import served
from workbench.trial_stage import AnswerOption, LiveOption, PortOption, service_of

_LOOK_SECONDS = 0.1


def serve(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: OneRegionOption = None,
    port: PortOption = 0,
    token: Annotated[
        str | None,
        typer.Option(help="Demand the token in this file, - for stdin.", metavar="FILE|-"),
    ] = None,
    answer: AnswerOption = "200",
    script: ScriptOption = None,
    live: LiveOption = False,
    document: Annotated[
        bool, typer.Option("--openapi", help="Print the OpenAPI document and exit.")
    ] = False,
) -> None:
    """Serve the endpoint on this machine until Ctrl-C, for anything that can post a message.

    The endpoint's own code answers, and the worker's delivers what is queued, from memory. Prints
    the URLs, then a line for each request, each delivery and each call to your service, which is
    a stand-in as with `firehose try`. Changed code is loaded again at once. `/` is the studio,
    /openapi.json describes the other paths. With --token, only registration needs no token.

    Example: firehose serve --port 8080
    """
    if document:
        sys.stdout.write(f"{json.dumps(openapi('/'), indent=2)}\n")
        return
    wanted = read_token(token)
    service = None if live else service_of(answer, script=script)
    narration = Narration(sys.stdout)
    with (
        stop_on_ctrl_c() as stop,
        served(
            deployment, region, port=port, token=wanted, service=service, needs_code=True
        ) as studio,
    ):
        session = studio.session
        with session.journeys.listening(narration.changed):
            for path, url in {**studio.endpoint_urls, "studio": studio.url}.items():
                narration.line(f"{path:<12} {url}")
            while not (stop.wait(_LOOK_SECONDS) or session.has_ended.is_set()):
                narration.problem(session.stage.problem)
        waiting, refused = len(session.stage.waiting), list(session.stage.refused_hosts)
    if refused:
        say(f"{refusal_of(refused)}, or let it through with --live.")
    lost = f"; {waiting} messages that waited for delivery are gone with it" if waiting else ""
    say(f"The endpoint has stopped{lost}.")
