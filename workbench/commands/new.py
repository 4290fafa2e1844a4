"""`firehose new`: an integration of your own, with tests that pass at once."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import typer

from console.exit_codes import UsageError
from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption
from console.output import Format, say, write
from plan.deployment import load
from workbench.choosing import NO_REGIONS, chosen_in
from workbench.first_golden import record_golden
from workbench.package_name import package_name
from workbench.partner_api.api_choices import choices_of, taken
from workbench.partner_api.api_document import read_document
from workbench.partner_api.scaffold_files import ApiScaffold
from workbench.scaffold import scaffold, write_scaffold


def new(
    name: Annotated[str, typer.Argument(help="Name of the Python package to make.")],
    *,
    minimal: Annotated[
        bool, typer.Option("--minimal", help="Events only: class, registration, one message.")
    ] = False,
    url: Annotated[
        str | None, typer.Option(help="Your API, for every region.", metavar="https://HOST")
    ] = None,
    setting: Annotated[
        str | None,
        typer.Option(help="Id of the setting with the customer's key.", metavar="ID"),
    ] = None,
    openapi: Annotated[
        Path | None,
        typer.Option("--openapi", help="Your API's OpenAPI document.", metavar="FILE"),
    ] = None,
    operation: Annotated[
        str | None,
        typer.Option(
            help="With --openapi: the operation that takes events.", metavar="OPERATION_ID"
        ),
    ] = None,
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the files and write nothing.")
    ] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Make an integration of your own from the shipped example, and choose it for deployment.

    Writes lambda_src/NAME, tests/NAME with golden messages of every type, and code.integration in
    the deployment file. With --openapi, a minimal integration calls your API as its document
    says: path, method, key, regional hosts, events per call, typed bodies. The document is kept
    in tests/NAME, and firehose contract compares every call with it.

    Example: firehose new loyalty --url https://api.loyalty.example
    """
    chosen = package_name(name)
    _check("--url", url, is_fine=_is_https, allowed="https://HOST, with a path if it has one")
    _check("--setting", setting, is_fine=_is_id, allowed="1 to 40 letters, digits, - and _")
    load(deployment)  # so that a file with problems is told as one
    api = _api(openapi, operation, chosen.package)
    if api:
        url = url or api.choices.url
    files = scaffold(
        Path(), chosen, minimal=minimal or api is not None, setting=setting, url=url, api=api
    )
    choice = chosen_in(
        deployment, chosen, url=url, regional=api.choices.regional if api else NO_REGIONS
    )
    contents = {path: content for path, (_, content) in files.items()}
    if not dry_run:
        write_scaffold(Path(), chosen, contents, deployment=deployment, choice=choice)
    write(
        [{"file": str(file), "made_from": str(old)} for file, (old, _) in files.items()], form=form
    )
    integration = f"{chosen.package}:{chosen.class_name}"
    if dry_run:
        say(f"Nothing was written; {deployment} would get code.integration = {integration}.")
        return
    say(f"{deployment}: code.integration = {integration}")
    if api:
        record_golden(Path(), chosen)
    say(f"Next: edit lambda_src/{name}, then firehose try and pytest tests/{name}")


def _api(file: Path | None, operation: str | None, package: str) -> ApiScaffold | None:
    """Read a document and say what is taken from it."""
    if file is None:
        if operation:
            raise UsageError(
                "--operation: found without --openapi",
                next_step="firehose new NAME --openapi FILE --operation OPERATION_ID",
            )
        return None
    document = read_document(file)
    choices = choices_of(document, operation)
    for line in taken(choices):
        say(line)
    return ApiScaffold(file=file, document=document, choices=choices, package=package)


def _check(option: str, value: str | None, *, is_fine: Callable[[str], bool], allowed: str) -> None:
    if value is not None and not is_fine(value):
        raise UsageError(
            f"{option}: found {value}; allowed: {allowed}", next_step="firehose new --help"
        )


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and not parts.query + parts.fragment


def _is_id(setting: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,39}", setting))
