"""The account's limits as AWS answers them now, and the file that the plan reads them from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from console.exit_codes import CommandError
from console.whole_file import write_whole
from plan.limits import Limits, RegionLimits, limits_file, limits_of
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_lambda import LambdaClient

_HEAD = """\
# What AWS allows the account in each region. `firehose preflight` measured it and writes it; commit
# it, so that every synth sees the same. What does not fit is left out of the deployment until it
# does (docs/deployment.md).
"""


def measure(session: Session, plan: RegionPlan, functions: Sequence[str]) -> RegionLimits:
    """Ask for a region's limits. `functions` names those of the deployment that exist."""
    lambda_ = session.client("lambda")
    limit = lambda_.get_account_settings()["AccountLimit"]
    try:
        concurrency = limit["ConcurrentExecutions"]
        unreserved = limit["UnreservedConcurrentExecutions"]
    except KeyError:
        raise CommandError(
            f"{plan.region}: AWS does not tell the account's concurrency",
            next_step="ask AWS Support what holds the account back",
        ) from None
    own = sum(_reserved(lambda_, name) for name in functions)
    return RegionLimits(
        measured_on=datetime.now(UTC).date(),
        concurrent_executions=concurrency,
        # the embedded AWS does not subtract what it was told to reserve
        own_reserved=min(own, concurrency - unreserved),
        unreserved=unreserved,
    )


def write_limits(deployment: Path, measured: Mapping[str, RegionLimits]) -> Path | None:
    """Write the limits file, if a number changed; regions that were not measured stay in it.

    Gives the file when it was written. It appears whole or not at all.
    """
    known = limits_of(deployment).regions
    changed = {region: now for region, now in measured.items() if _differs(known.get(region), now)}
    if not changed:
        return None
    text, path = limits_text(Limits(regions=known | changed)), limits_file(deployment)
    write_whole(path, text)
    return path


def limits_text(limits: Limits) -> str:
    """Render a limits file."""
    lines = []
    for region, it in limits.regions.items():
        lines += ["", f"[regions.{region}]"]
        lines += [f"{key} = {value}" for key, value in it.model_dump().items()]
    return _HEAD + "\n".join(lines) + "\n"


def _differs(before: RegionLimits | None, now: RegionLimits) -> bool:
    """Whether more than the day differs, so that measuring again writes nothing new."""
    return before is None or before.model_copy(update={"measured_on": now.measured_on}) != now


def _reserved(lambda_: LambdaClient, function: str) -> int:
    answer = lambda_.get_function_concurrency(FunctionName=function)
    return answer.get("ReservedConcurrentExecutions", 0)
