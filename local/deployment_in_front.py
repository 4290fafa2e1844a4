"""A partner's deployment as an embedded AWS gets it: in front of a service on this machine.

`python -m local.deployment_in_front URL` prints that of the demo.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from local.function_environment import led_to
from plan import names
from plan.function import SOURCE_PACKAGE


def in_front_of(url: str, deployment: str, *, every_transport: bool = False) -> str:
    """Give a deployment file with every http(s) URL of its environments led to `url`.

    Custom domains are left out: their certificates and names are on AWS, and what is posted to
    them would reach the real endpoint. `every_transport` gives our own package both transports.
    """
    import tomlkit  # noqa: PLC0415 - most commands that know this module never deploy

    document: dict[str, Any] = tomlkit.parse(deployment).unwrap()
    regions = document.get("regions", {}).values()
    for table in (document, *regions):
        if "environment" in table:
            table["environment"] = led_to(url, table["environment"])
    for region in regions:
        region.pop("domain", None)
    is_ours = document.get("code", {}).get("path", SOURCE_PACKAGE) == SOURCE_PACKAGE
    if every_transport and is_ours:
        document["transports"] = ["lambda", "https"]
    return tomlkit.dumps(document)


if __name__ == "__main__":
    text = Path(names.DEPLOYMENT_FILE).read_text("utf-8")
    sys.stdout.write(in_front_of(sys.argv[1], text, every_transport=True))
