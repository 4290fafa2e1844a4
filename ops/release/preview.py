"""What a deployment would change in one region, before anything is changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from console.marks import Mark
from console.output import Record
from endpoint.sampling import Sampling
from ops.live.functions import LAMBDA_VERSION, FunctionRole, LiveFunction, planned_function
from ops.live.region import LiveRegion
from ops.release.stack_diff import ResourceChange
from plan.cost import region_cost
from plan.names import ALIAS
from plan.prices import LIST_PRICES
from plan.region_plan import FunctionPlan, RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One region: what moves, who may invoke, what it costs, what becomes of each resource.

    `is_new` is true where no function is deployed yet; then nothing is compared. `versions` says by
    role which version serves now and which one then. Costs are US dollars a month at the planned
    traffic, before by what runs; none where nothing does, or a part that the plan no longer has.
    """

    plan: RegionPlan
    is_new: bool
    versions: dict[str, str]
    may_invoke: Sequence[str]
    no_longer: Sequence[str]
    from_then_on: Sequence[str]
    usd_before: float | None
    usd_after: float
    changes: Sequence[ResourceChange]

    def facts(self) -> dict[str, str]:
        """Say all of it but the resources, by what it is about."""
        after = f"about {self.usd_after:,.0f} USD a month"
        who = ", ".join(_accounts(self.plan)) or "nobody"
        if self.is_new:
            return {"versions": "a first deployment", "who may invoke": who, "cost": after}
        moves = "; ".join(f"{role} {text}" for role, text in self.versions.items())
        changes = [
            *(f"{account} no longer may" for account in self.no_longer),
            *(f"{account} may from then on" for account in self.from_then_on),
        ]
        return {
            "versions": moves,
            "who may invoke": "; ".join(changes) or f"as now: {who}",
            "cost": f"{after}, {self._cost_now()}",
        }

    def _cost_now(self) -> str:
        if self.usd_before is None:
            return "not compared with now, because a part is taken away"
        same = round(self.usd_before) == round(self.usd_after)
        return "as now" if same else f"now {self.usd_before:,.0f}"

    def record(self) -> Record:
        """Give everything, for programs."""
        return {
            "region": self.plan.region,
            "stack": self.plan.stack_name,
            "new": self.is_new,
            "versions": self.versions,
            "may_invoke": list(self.may_invoke),
            "no_longer": list(self.no_longer),
            "from_then_on": list(self.from_then_on),
            "usd_before": self.usd_before and round(self.usd_before, 2),
            "usd_after": round(self.usd_after, 2),
            "changes": [_change(it) for it in self.changes],
        }

    def rows(self) -> list[Record]:
        """Give a row for each resource, what does not survive first; none in a first deployment."""
        ordered = sorted(self.changes, key=lambda it: -list(Mark).index(it.mark))
        return [{"state": it.mark, "region": self.plan.region, **_change(it)} for it in ordered]


def preview(live: LiveRegion, changes: Sequence[ResourceChange]) -> Preview:
    """Compare what is live with the plan and with what the CDK found. Changes nothing."""
    plan = live.plan
    planned = _accounts(plan)
    functions = live.functions if live.versions else ()
    allowed = [it.account for it in live.grants] if functions else []
    runs = _as_it_runs(live.session, plan, functions) if functions else None
    return Preview(
        plan=plan,
        is_new=not functions,
        versions={it.role: _move(live, it, changes) for it in functions},
        may_invoke=sorted(allowed),
        no_longer=sorted(set(allowed) - set(planned)),
        from_then_on=sorted(set(planned) - set(allowed)),
        usd_before=region_cost(runs, LIST_PRICES).usd if runs else None,
        usd_after=region_cost(plan, LIST_PRICES).usd,
        changes=changes if functions else (),
    )


def _accounts(plan: RegionPlan) -> list[str]:
    """Name who may invoke by the plan: nobody with HTTPS alone."""
    return [it.number for it in plan.invoking_accounts] if plan.invoked else []


def _move(live: LiveRegion, function: LiveFunction, changes: Sequence[ResourceChange]) -> str:
    """Say which version serves now, and whether a new one or the stack's will."""
    now, made = function.current.number, function.made_by_stack
    gone = {it.logical_id for it in changes if it.change == "removed"}
    own = {
        it.logical_id
        for it in live.resources
        if it.kind == LAMBDA_VERSION and f":function:{function.name}:" in it.physical_id
    }
    if own & gone:
        return f"{now} → a new one"
    if made not in {None, now}:
        return f"{now} → {made}, which the last deployment made"
    return f"stays at {now}"


def _as_it_runs(
    session: Session, plan: RegionPlan, functions: Sequence[LiveFunction]
) -> RegionPlan | None:
    """Put what runs in place of what is planned: which parts there are, and what bills them.

    None where a part runs that the plan no longer has, so that nobody knows what decides its cost.
    """
    live = {it.role: it for it in functions}
    if any(planned_function(plan, role) is None for role in live):
        return None

    def like(planned: FunctionPlan, role: FunctionRole) -> FunctionPlan:
        runs = live.get(role)
        if runs is None:
            return planned
        return replace(
            planned,
            memory_mb=runs.memory_mb,
            provisioned_concurrency=_provisioned(session, runs) if role != "worker" else 0,
            log_sample=Sampling.from_environment(runs.environment).share,
        )

    https, delivery = plan.https, plan.delivery
    return replace(
        plan,
        transports=tuple(it for it in plan.transports if it in live),
        function=like(plan.function, "lambda"),
        https=replace(https, function=like(https.function, "https"))
        if https and "https" in live
        else None,
        delivery=replace(delivery, worker=like(delivery.worker, "worker"))
        if delivery and "worker" in live
        else None,
    )


def _provisioned(session: Session, function: LiveFunction) -> int:
    lambda_ = session.client("lambda")
    try:
        answer = lambda_.get_provisioned_concurrency_config(
            FunctionName=function.name, Qualifier=ALIAS
        )
    except lambda_.exceptions.ProvisionedConcurrencyConfigNotFoundException:
        return 0
    return answer["RequestedProvisionedConcurrentExecutions"]


def _change(change: ResourceChange) -> Record:
    return {
        "change": change.change,
        "resource": change.resource,
        "type": change.kind,
        "effect": change.effect or None,
        "properties": change.properties,
    }
