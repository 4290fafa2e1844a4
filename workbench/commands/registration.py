"""`firehose registration`: what the integration tells mParticle, checked by its rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from console.exit_codes import CommandError, ExitCode, UsageError
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption
from console.output import Format, say, write
from console.planned_regions import planned_one
from firehose import (
    Finding,
    InvalidMessage,
    ModuleRegistrationResponse,
    check_registration,
    decode,
    encode,
)
from workbench.loaded_integration import integration_name, loaded_integration, registration_of


def registration(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    previous: Annotated[
        Path | None,
        typer.Option(
            help="What mParticle has now; changes are shown as breaking, visible or harmless."
        ),
    ] = None,
    findings: Annotated[
        bool, typer.Option("--findings", help="Print the findings instead of the registration.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print the registration of the configured integration, and check it by mParticle's rules.

    Example: firehose registration > registration.json
    """
    integration = loaded_integration(integration_name(planned_one(deployment)))
    response = registration_of(integration)
    found = check_registration(
        response, _read(previous) if previous else None, processor=type(integration)
    )
    if findings:
        write([msgspec.structs.asdict(finding) for finding in found], form=form)
    else:
        sys.stdout.buffer.write(msgspec.json.format(encode(response)) + b"\n")
        for finding in found:
            say(_line(finding))
    if any(finding.severity == "error" for finding in found):
        or_agree = ", or agree with mParticle on what breaks" if previous else ""
        say(
            f"Next: mend the errors in the integration's registration{or_agree}; then run it again."
        )
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _read(file: Path) -> ModuleRegistrationResponse:
    try:
        message = decode(file.read_bytes())
    except (OSError, InvalidMessage) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise _unusable(file, str(reason)) from None
    if isinstance(message, ModuleRegistrationResponse):
        return message
    raise _unusable(file, f"it is a {message.type}")


def _unusable(file: Path, reason: str) -> CommandError:
    return UsageError(
        f"--previous: {file} cannot be used: {reason}",
        next_step="give a file that `firehose registration` wrote",
    )


def _line(finding: Finding) -> str:
    return f"{finding.severity} {finding.id} {finding.path}: {finding.text} ({finding.source})"
