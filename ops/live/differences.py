"""Where what is live is not what was planned: versions, settings of functions, who may invoke."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ops.live.functions import ROLES, LiveFunction, planned_function
from ops.live.grants import Grant
from plan.region_plan import RegionPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing of a region that is not as it should be, and what to do about it."""

    region: str
    text: str
    next_step: str

    @property
    def sentence(self) -> str:
        """The difference without its next step."""
        return f"{self.region}: {self.text}"

    def __str__(self) -> str:
        return f"{self.sentence}\nNext: {self.next_step}"


def differences_of_functions(
    plan: RegionPlan, functions: Sequence[LiveFunction], *, is_rolling_out: bool
) -> tuple[Difference, ...]:
    """Compare functions with the plan. While a rollout is under way, versions may differ.

    Settings are those of a version, so they are compared where the stack's version serves.
    """
    found = [] if is_rolling_out else [*_versions(plan, functions)]
    settings = (
        it
        for function in functions
        if function.serves_the_stacks_version
        for it in _settings(plan, function)
    )
    return (*found, *_roles(plan, functions), *settings)


def differences_of_grants(
    plan: RegionPlan, *, grants: Sequence[Grant], past_alias: Sequence[Grant]
) -> tuple[Difference, ...]:
    """Compare who may invoke with the plan; nothing to compare with HTTPS alone."""
    if plan.invoked is None:
        return ()
    return (*_grants(plan, grants), *_past_alias(plan, plan.invoked.name, past_alias))


def _versions(plan: RegionPlan, functions: Sequence[LiveFunction]) -> Iterator[Difference]:
    for it in functions:
        if not it.serves_the_stacks_version:
            shared = f" and {it.shifting_to}" if it.shifting_to else ""
            yield Difference(
                region=plan.region,
                text=f"{it.name} serves version {it.current.number}{shared}; the last deployment"
                f" made {it.made_by_stack}",
                next_step=f"firehose deploy --region {plan.region} moves it there, once that code"
                " is right",
            )


def _grants(plan: RegionPlan, grants: Sequence[Grant]) -> Iterator[Difference]:
    planned = {account.number for account in plan.invoking_accounts}
    live = {grant.account for grant in grants}
    for number in sorted(planned - live):
        yield _to_deploy(plan, f"account {number} is planned but may not invoke")
    for number in sorted(live - planned):
        yield _to_deploy(plan, f"account {number} may invoke but is not planned")


def _past_alias(plan: RegionPlan, function: str, grants: Sequence[Grant]) -> Iterator[Difference]:
    for grant in grants:
        yield Difference(
            region=plan.region,
            text=f"{grant.account} may invoke the function past its alias",
            next_step=f"aws lambda remove-permission --function-name {function}"
            f" --region {plan.region} --statement-id {grant.statement}",
        )


def _roles(plan: RegionPlan, functions: Sequence[LiveFunction]) -> Iterator[Difference]:
    live = {it.role for it in functions}
    for role in ROLES:
        is_planned = planned_function(plan, role) is not None
        if is_planned and role not in live:
            yield _to_deploy(plan, f"{ROLES[role]} is planned but not deployed")
        if not is_planned and role in live:
            yield _to_deploy(plan, f"{ROLES[role]} is deployed but not planned")


def _settings(plan: RegionPlan, live: LiveFunction) -> Iterator[Difference]:
    planned = planned_function(plan, live.role)
    if planned is None:
        return
    whose = "" if live.role == "lambda" else f" of {live.name}"
    if live.memory_mb != planned.memory_mb:
        yield _to_deploy(plan, f"memory{whose} is {live.memory_mb} MB, planned {planned.memory_mb}")
    other = sorted(
        name for name, value in planned.environment.items() if live.environment.get(name) != value
    )
    if other:
        yield _to_deploy(plan, f"environment{whose} is not as planned: {', '.join(other)}")
    # The embedded AWS takes a reservation and forgets it.
    if plan.complete and live.reserved_concurrency != planned.reserved_concurrency:
        yield _to_deploy(
            plan,
            f"reserved concurrency{whose} is {live.reserved_concurrency or 'none'},"
            f" planned {planned.reserved_concurrency or 'none'}",
        )


def _to_deploy(plan: RegionPlan, text: str) -> Difference:
    return Difference(region=plan.region, text=text, next_step=f"cdk deploy {plan.stack_name}")
