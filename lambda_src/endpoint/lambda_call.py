"""What Lambda tells about the running call."""

from __future__ import annotations

import math
from typing import Protocol


class LambdaCall(Protocol):
    """The context that Lambda hands over beside the event; this much of it is used."""

    def get_remaining_time_in_millis(self) -> int:
        """Say how long the call may still run."""
        ...


def seconds_left(call: LambdaCall | None) -> float:
    """Say how long the call may still run; without end outside Lambda."""
    return call.get_remaining_time_in_millis() / 1000 if call else math.inf
