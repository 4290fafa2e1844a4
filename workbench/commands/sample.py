"""`firehose sample`: made-up messages as files, or one a line to pipe on."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from console.exit_codes import UsageError
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption
from console.output import say
from console.planned_regions import planned_one
from console.whole_file import made_folder, write_whole
from probe.endpoint_answer import Json
from probe.sample_messages import SampleKind, SizeError, sample_messages, some_seed
from probe.sample_shape import SampleShape
from probe.sender_filter import SenderFilter
from workbench.loaded_integration import integration_name, loaded_integration, registration_of

_STDOUT = "-"


def sample(
    *,
    kind: Annotated[
        SampleKind | None,
        typer.Argument(
            metavar="[TYPE]", help="Only this type; without, every registered type in turn."
        ),
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="The same seed gives the same messages.")
    ] = None,
    count: Annotated[
        int | None, typer.Option(min=1, help="How many; without, one of each type.")
    ] = None,
    size: Annotated[
        int | None,
        typer.Option("--bytes", min=1, help="Exact size of a batch or membership message."),
    ] = None,
    newer: Annotated[
        bool,
        typer.Option("--newer", help="Also words that the Java SDK 3.2.0 cannot read."),
    ] = False,
    unshaped: Annotated[
        bool,
        typer.Option("--unshaped", help="Everything mParticle knows, registered or not."),
    ] = False,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    output: Annotated[
        str, typer.Option(help="A folder for a file each, or - for a line each.", metavar="PATH")
    ] = _STDOUT,
) -> None:
    """Make up messages as mParticle sends them to the configured integration.

    They have the settings, events, platforms, identities and fields that it registers, hashed as
    it asks; with --unshaped they have everything that mParticle knows. Nobody in them exists: the
    domains, telephone numbers and addresses are reserved for examples. Ids are new each time; the
    same --seed gives the same messages again, with their ids and times.

    Example: firehose sample event_processing_request --bytes 262144 --seed 7
    """
    chosen = some_seed() if seed is None else seed
    shape, sent = SampleShape(newer=newer), list(SampleKind)
    if not unshaped:
        integration = loaded_integration(integration_name(planned_one(deployment)))
        registration = registration_of(integration)
        shape = SampleShape.of(registration, newer=newer)
        sent = SenderFilter.of(registration).kinds
    kinds = sent if kind is None else [kind]
    many = count or len(kinds)
    made = islice(sample_messages(kinds, seed=chosen, size=size, shape=shape), many)
    try:
        if output == _STDOUT:
            _write_lines(made)
        else:
            folder = made_folder(Path(output))
            for number, (one, message) in enumerate(zip(cycle(kinds), made, strict=False), 1):
                text = json.dumps(message, indent=2, ensure_ascii=False)
                write_whole(folder / f"{chosen}-{number:04}-{one}.json", f"{text}\n")
            say(f"{many} messages are in {folder}")
    except SizeError as error:
        raise UsageError(
            f"--bytes: {error}", next_step=f"firehose sample {SampleKind.EVENTS} --bytes 4096"
        ) from None
    if seed is None:
        say(f"Made with --seed {chosen}")


def _write_lines(made: Iterable[Json]) -> None:
    try:
        for message in made:
            sys.stdout.write(f"{msgspec.json.encode(message).decode()}\n")
        sys.stdout.flush()
    except BrokenPipeError:  # the reader has had enough, as `head` does
        sys.stderr.close()
        raise typer.Exit from None
