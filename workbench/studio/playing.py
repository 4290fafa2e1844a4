"""A day of mParticle's traffic, played against the endpoint that the page watches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from workbench.studio.session import StudioSession

_PER_SECOND = 20
"""So many messages of the day come in within a second, so that the page can be read meanwhile."""


def played_day(
    session: StudioSession, environment: Mapping[str, str], *, url: str, messages: int
) -> dict[str, Any]:
    """Run `firehose play --url` to its end; give its rows, its exit code and what it said."""
    options = {
        "--url": url,
        "--messages": str(messages),
        "--minutes": f"{messages / _PER_SECOND / 60:.3f}",
        "--format": "json",
        "--deployment": str(session.deployment),
        "--region": session.stage.plan.region,
    }
    arguments = [word for option in options.items() for word in option]
    *written, last = session.children.lines_of(["cli", "play", *arguments], environment)
    return {"rows": json.loads(b"".join(written) or b"[]"), **json.loads(last)}
