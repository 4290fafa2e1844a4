"""`firehose studio`: messages through the integration, seen live in the browser."""

from __future__ import annotations

import sys
import webbrowser
from typing import Annotated

import typer

from console.interruption import stop_on_ctrl_c
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, OneRegionOption
from console.output import say
from workbench.service_script import ScriptOption
from workbench.studio.served import served
from workbench.trial_stage import AnswerOption, LiveOption, PortOption, service_of

_LOOK_SECONDS = 0.1


def studio(
    *,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: OneRegionOption = None,
    port: PortOption = 0,
    answer: AnswerOption = "200",
    script: ScriptOption = None,
    live: LiveOption = False,
    opens: Annotated[bool, typer.Option("--open", help="Open the page in your browser.")] = False,
) -> None:
    """Open a page on this machine that shows what the integration does, until Ctrl-C.

    Compose and send messages, see every hook and call, disturb the stand-in of your service, save
    golden messages, run the contract. Changed code is loaded again at once. No other site can use
    the page, and nothing leaves this machine without --live.

    Example: firehose studio --port 8080 --open
    """
    out = sys.stdout
    with (
        stop_on_ctrl_c() as stop,
        served(
            deployment,
            region,
            port=port,
            token=None,
            service=None if live else service_of(answer, script=script),
            needs_code=False,
            opened=webbrowser.open if opens else None,
        ) as studio,
    ):
        out.write(f"{studio.url}\n")
        out.flush()
        while not (stop.wait(_LOOK_SECONDS) or studio.session.has_ended.is_set()):
            pass
    say("The studio has stopped.")
