"""How mParticle sends: what it repeats, when it gives up, when it stops an audience."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from plan.mparticle import RETRIED_STATUSES
from probe.endpoint_answer import EndpointAnswer

Reaction = Literal["taken", "repeat", "final"]
"""What an answer is to mParticle: delivered, worth another call, or the end of the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderRules:
    """What mParticle documents, and our guess where it says only that there is a limit.

    Documented (docs.mparticle.com/developers/partners/outbound-integrations): which statuses are
    repeated, that it backs off exponentially and gives up in the end, that a suspended audience
    stays so until the customer resumes it. Ours are the numbers. What follows a function error is
    not documented, so it is final here, the worst case, unless `repeats_errors`.
    """

    repeats: int = 5
    first_wait_seconds: float = 2.0
    longest_wait_seconds: float = 300.0
    resumed_after_seconds: float = 2 * 3600.0
    repeats_errors: bool = False

    def judge(self, answer: EndpointAnswer) -> Reaction:
        """Say what mParticle takes an answer for."""
        if answer.is_success:
            return "taken"
        if answer.error is not None:
            return "repeat" if self.repeats_errors else "final"
        return "repeat" if answer.status in RETRIED_STATUSES else "final"

    def wait_seconds(self, attempt: int) -> float | None:
        """Say how long it waits after a call that failed, counted from 1; none: it gives up."""
        if attempt > self.repeats:
            return None
        return min(self.first_wait_seconds * 2.0 ** (attempt - 1), self.longest_wait_seconds)


def suspends(answer: EndpointAnswer) -> bool:
    """Whether an answer to a membership change asks mParticle to stop the customer's audiences."""
    content = answer.content
    return isinstance(content, dict) and bool(content.get("suspend_subscription"))
