"""Stacks of a deployment in regions that its file does not plan any more."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console.options import elsewhere
from console.output import say
from ops.live.every_region import Found, in_live_regions
from plan.mparticle import PODS
from plan.region_plan import RegionPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Orphan:
    """A stack that runs, is billed and may be called, though no pod of its region is planned."""

    plan: RegionPlan

    @property
    def text(self) -> str:
        """What is wrong, without its region."""
        return f"{self.plan.stack_name} runs, though the deployment file has no pod there"

    @property
    def next_step(self) -> str:
        """The two ways out."""
        pods = [pod.name for pod in PODS.values() if pod.region == self.plan.region]
        return (
            f"firehose destroy --region {self.plan.region}, once mParticle calls it no more; or"
            f" plan {' or '.join(pods)} again"
        )

    def __str__(self) -> str:
        return f"{self.plan.region}: {self.text}\nNext: {self.next_step}"


def find_orphans(deployment: Path) -> list[Orphan]:
    """Look in every region of mParticle's that a deployment file does not plan.

    A region that cannot be looked in is said, and fails nothing: nothing is planned there.
    """
    found: Found[bool] = in_live_regions(
        elsewhere(deployment), lambda live: live.found_stack is not None
    )
    regions, failures = found
    for failure in failures:
        say(f"Not looked for stacks that nobody plans: {failure}")
    return [Orphan(plan=plan) for plan, is_there in regions if is_there]
