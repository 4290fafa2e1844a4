"""The lines that the endpoint and the worker log of a message, among all that a function writes."""

from __future__ import annotations

import json
from typing import Any


def outcome_in(line: str) -> dict[str, Any] | None:
    """Read such a line; none for anything else, such as what the integration printed."""
    try:
        content = json.loads(line)
    except ValueError:
        return None
    is_outcome = isinstance(content, dict) and {"outcome", "duration_ms"} <= content.keys()
    return content if is_outcome else None
