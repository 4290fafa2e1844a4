"""What `make demo` deploys: the partner's deployment, in front of a service on this machine.

`python -m local.demo_deployment URL` prints it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import tomlkit

from local.function_environment import led_to
from plan import names
from plan.function import SOURCE_PACKAGE


def demo_deployment(text: str, url: str) -> str:
    """Give a deployment file with every http(s) URL of its environments led to `url`.

    Our own package gets both transports. Domains are left out: their certificates are in AWS.
    """
    document: dict[str, Any] = tomlkit.parse(text).unwrap()
    regions = document.get("regions", {}).values()
    for table in (document, *regions):
        if "environment" in table:
            table["environment"] = led_to(url, table["environment"])
    for region in regions:
        region.pop("domain", None)
    if document.get("code", {}).get("path", SOURCE_PACKAGE) == SOURCE_PACKAGE:
        document["transports"] = ["lambda", "https"]
    return tomlkit.dumps(document)


if __name__ == "__main__":
    sys.stdout.write(demo_deployment(Path(names.DEPLOYMENT_FILE).read_text("utf-8"), sys.argv[1]))
