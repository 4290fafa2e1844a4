"""Stacks of a deployment in regions that its file does not plan any more."""

from __future__ import annotations

from collections.abc import Sequence

from console.output import say
from ops.live.differences import Difference
from ops.live.every_region import Found, in_live_regions
from plan.mparticle import PODS
from plan.region_plan import RegionPlan


def find_orphans(elsewhere: Sequence[RegionPlan]) -> list[RegionPlan]:
    """Look for the stack in regions that are not planned, each as if it were; give those with one.

    Such a stack runs, is billed and may be called. A region that cannot be looked in is said, and
    fails nothing: nothing is planned there.
    """
    found: Found[bool] = in_live_regions(elsewhere, lambda live: live.found_stack is not None)
    regions, failures = found
    for failure in failures:
        say(f"Not looked for stacks that nobody plans: {failure}")
    return [plan for plan, is_there in regions if is_there]


def orphaned(plan: RegionPlan) -> Difference:
    """Say of a stack that nobody plans what is wrong, and the two ways out."""
    pods = [pod.name for pod in PODS.values() if pod.region == plan.region]
    return Difference(
        region=plan.region,
        text=f"{plan.stack_name} runs, though the deployment file has no pod there",
        next_step=f"firehose destroy --region {plan.region}, once mParticle calls it no more; or"
        f" plan {' or '.join(pods)} again",
    )
