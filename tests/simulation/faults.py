"""What goes wrong in one play, and how often: chosen by its seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_SHARES = {
    **dict.fromkeys(("before", "kill", "report", "throttle", "recycle"), (0.02, 0.1, 0.3)),
    # Each of these makes two messages of one; were it one in three, they would never end.
    **dict.fromkeys(("after", "twice"), (0.01, 0.03, 0.1)),
    "slow_queue": (0.02, 0.1, 0.3),
}


@dataclass
class Faults:
    """Shares of calls, 0 to 1; `until` is when everything gets well, in seconds."""

    random: Random
    before: float = 0.0
    """Of the calls of SQS that fail before they do anything."""
    after: float = 0.0
    """Of the calls of SQS whose answer is lost."""
    twice: float = 0.0
    """Of the messages that SQS hands out twice."""
    kill: float = 0.0
    """Of the invocations that die at some point."""
    report: float = 0.0
    """Of the batches whose report is lost."""
    throttle: float = 0.0
    """Of the batches that find no free environment."""
    recycle: float = 0.0
    """Of the invocations after which Lambda ends the process."""
    slow_queue: float = 0.0
    """Of the calls of SQS that take long."""
    until: float = 600.0
    is_over: bool = False

    @classmethod
    def chosen(cls, random: Random) -> Faults:
        """Choose some kinds of faults, and how often each happens."""
        faults = cls(random=random)
        for name, shares in _SHARES.items():
            if random.random() < 0.35:
                setattr(faults, name, random.choice(shares))
        return faults

    def fails(self, operation: str) -> bool:
        return self._happens(self.before)

    def answer_is_lost(self, operation: str) -> bool:
        return self._happens(self.after)

    def hands_out_twice(self) -> bool:
        return self._happens(self.twice)

    def kills(self) -> bool:
        return self._happens(self.kill)

    def loses_report(self) -> bool:
        return self._happens(self.report)

    def throttles(self) -> bool:
        return self._happens(self.throttle)

    def recycles(self) -> bool:
        return self._happens(self.recycle)

    def sqs_seconds(self) -> float:
        """Say how long half a call takes."""
        return self.random.uniform(0.1, 0.6) if self._happens(self.slow_queue) else 0.004

    def _happens(self, share: float) -> bool:
        return share > 0 and not self.is_over and self.random.random() < share
