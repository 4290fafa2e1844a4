"""A partner's deployment as an embedded AWS gets it: in front of services on this machine.

Custom domains are left out: their certificates and names are on AWS, and what is posted to them
would reach the real endpoint.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from local.function_environment import led_to
from plan.function import SOURCE_PACKAGE


def in_front_of(url: str, deployment: str) -> str:
    """Give a deployment file with every http(s) URL of its environments led to `url`."""
    document = _without_domains(deployment)
    for table in (document, *document.get("regions", {}).values()):
        if "environment" in table:
            table["environment"] = led_to(url, table["environment"])
    return _written(document)


def in_front_of_each(environments: Mapping[str, Mapping[str, str]], deployment: str) -> str:
    """Give a deployment file whose regions have these environments, and each transport it can."""
    document = _without_domains(deployment)
    regions = document.setdefault("regions", {})
    for region, environment in environments.items():
        regions.setdefault(region, {})["environment"] = dict(environment)
    if document.get("code", {}).get("path", SOURCE_PACKAGE) == SOURCE_PACKAGE:
        document["transports"] = ["lambda", "https"]
    return _written(document)


def _without_domains(deployment: str) -> dict[str, Any]:
    import tomlkit  # noqa: PLC0415 - most commands that know this module never deploy

    document: dict[str, Any] = tomlkit.parse(deployment).unwrap()
    for region in document.get("regions", {}).values():
        region.pop("domain", None)
    return document


def _written(document: dict[str, Any]) -> str:
    import tomlkit  # noqa: PLC0415 - see above

    return tomlkit.dumps(document)
