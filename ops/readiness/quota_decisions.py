"""What AWS decides about quota requests, region by region, asked until it has decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from cloud.regions import in_every_region
from console.exit_codes import CommandError, ExitCode
from console.interruption import stop_on_ctrl_c
from console.outcomes import sorted_out
from console.output import say
from ops.live.every_region import Found
from ops.readiness.quotas import QuotaName, QuotaRequest, quotas_of, requests_of
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

WaitOption = Annotated[
    bool, typer.Option("--wait", help="Ask again every minute until AWS has decided.")
]
PAUSE_SECONDS = 60.0
_REFUSED = frozenset({"DENIED", "NOT_APPROVED", "INVALID_REQUEST"})

QuotaRequests = Sequence[tuple[QuotaName, QuotaRequest]]
"""What was asked for in one region, of each quota the newest first."""


def decisions(plans: Sequence[RegionPlan]) -> Found[QuotaRequests]:
    """Ask every region once how its requests stand."""
    return sorted_out(in_every_region(plans, _made))


def decided(
    plans: Sequence[RegionPlan], *, pause_seconds: float
) -> tuple[list[tuple[RegionPlan, QuotaRequests]], list[CommandError], bool]:
    """Ask every region until nothing is open any more; a region that fails meanwhile is asked on.

    Gives the last answers, and true if Ctrl-C came first.
    """
    waiting: set[str] = set()
    with stop_on_ctrl_c() as stop:
        while True:
            found, failures = decisions(plans)
            waiting -= {plan.region for plan, _ in found}
            waiting |= {plan.region for plan, made in found if is_open(made)}
            if not waiting or stop.is_set():
                return found, failures, stop.is_set()
            say(f"AWS has not decided in {', '.join(sorted(waiting))}; Ctrl-C stops asking …")
            stop.wait(pause_seconds)


def is_open(made: QuotaRequests) -> bool:
    """Whether AWS has something left to decide."""
    return any(request.is_open for _, request in made)


def refusals(plan: RegionPlan, made: QuotaRequests) -> list[str]:
    """Name each quota whose newest request AWS refused."""
    newest = dict(reversed(made))
    return [
        f"{plan.region}: AWS refused {it.desired:,} {quota.text}: {it.status}"
        f"\nNext: reopen case {it.case or 'in the support centre'} with `firehose quota text`"
        for quota, it in newest.items()
        if it.status in _REFUSED
    ]


def refuse_to_end_early(*, stopped: bool) -> None:
    """End with the code of Ctrl-C if it came before AWS had decided."""
    if stopped:
        say("Stopped asking; the requests stay.\nNext: firehose quota status --wait")
        raise typer.Exit(ExitCode.INTERRUPTED)


def _made(session: Session, plan: RegionPlan) -> QuotaRequests:
    return [(quota, it) for quota in quotas_of(plan) for it in requests_of(session, quota)]
