"""A new integration's choices in the deployment file; everything else in it stays as it is."""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import tomlkit

from console.exit_codes import UsageError
from plan.function import SOURCE_PACKAGE
from workbench.package_name import PackageName

URL_VARIABLE = "PARTNER_API_URL"
"""The variable of `[environment]` in which the example finds its API."""

NO_REGIONS: Mapping[str, str] = MappingProxyType({})
"""No region has an address of its own."""


def chosen_in(
    deployment: Path,
    name: PackageName,
    *,
    url: str | None = None,
    regional: Mapping[str, str] = NO_REGIONS,
) -> str:
    """Give the deployment file's text with the new integration chosen.

    With a `url`, that is where it delivers to in every region but those that are `regional`:
    addresses that a region had of its own belonged to the API before, and go.
    Raises `UsageError` when the file deploys another artifact.
    """
    document = tomlkit.parse(deployment.read_text(encoding="utf-8"))
    code = _table(document, "code")
    path = str(code.get("path", SOURCE_PACKAGE))
    if path != SOURCE_PACKAGE:
        raise UsageError(
            f"{deployment} deploys {path} instead of the package with an integration",
            next_step=f'set path = "{SOURCE_PACKAGE}" in its [code] table',
        )
    code["integration"] = f"{name.package}:{name.class_name}"
    if url:
        _table(document, "environment")[URL_VARIABLE] = url
        for region, choices in document.get("regions", {}).items():
            if region not in regional:
                choices.get("environment", {}).pop(URL_VARIABLE, None)
    for region, its_url in regional.items():
        choices = _table(_table(document, "regions"), region)
        _table(choices, "environment")[URL_VARIABLE] = its_url
    return tomlkit.dumps(document)


def _table(document: MutableMapping[str, Any], name: str) -> MutableMapping[str, Any]:
    if not isinstance(document.get(name), MutableMapping):
        document[name] = tomlkit.table()
    table: MutableMapping[str, Any] = document[name]
    return table
