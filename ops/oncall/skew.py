"""Where regions differ from each other that the plan has alike: code, size, environment, parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ops.live.functions import ROLES, FunctionRole, LiveFunction, planned_function
from ops.live.region import LiveRegion
from plan.region_plan import FunctionPlan, RegionPlan

_OURS = "FIREHOSE_"
"""Variables of this package name queues and secrets, which are other ones in each region."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Aspect:
    """One thing in which functions of the same role can differ: as it is live and as planned."""

    name: str
    live: Callable[[LiveFunction], str]
    planned: Callable[[FunctionPlan], object]


_ASPECTS = (
    _Aspect(name="code", live=lambda it: it.current.code, planned=lambda _: None),
    _Aspect(
        name="memory", live=lambda it: f"{it.memory_mb} MB", planned=lambda plan: plan.memory_mb
    ),
    _Aspect(
        name="reserved concurrency",
        live=lambda it: str(it.reserved_concurrency or "none"),
        planned=lambda plan: plan.reserved_concurrency,
    ),
)


def skew(regions: Sequence[LiveRegion]) -> list[str]:
    """Say, for each role, in what regions differ from each other.

    What the plan has unlike in two regions is no skew; whether each is as planned is another
    question. Names of environment variables are shown, values are not.
    """
    return [text for role in ROLES for text in _of_role(role, regions)]


def _of_role(role: FunctionRole, regions: Sequence[LiveRegion]) -> Iterator[str]:
    functions = [(live.plan, it) for live in regions for it in live.functions if it.role == role]
    having = [plan for plan, _ in functions]
    without = [live.plan.region for live in regions if live.plan not in having]
    is_planned = all(planned_function(live.plan, role) for live in regions)
    if having and without and is_planned:
        have = ", ".join(plan.region for plan in having)
        yield _sentence(role, "presence", f"there in {have}; missing in {', '.join(without)}")
    for aspect in _ASPECTS:
        if not _is_planned_alike(role, functions, aspect.planned):
            continue
        where: dict[str, list[str]] = {}
        for plan, it in functions:
            where.setdefault(aspect.live(it), []).append(plan.region)
        if len(where) > 1:
            who = "; ".join(f"{value} in {', '.join(them)}" for value, them in where.items())
            yield _sentence(role, aspect.name, who)
    unlike = _unlike_variables(role, functions)
    if unlike:
        yield _sentence(role, "environment", ", ".join(unlike))


def _unlike_variables(
    role: FunctionRole, functions: Sequence[tuple[RegionPlan, LiveFunction]]
) -> list[str]:
    """Name the variables that are not the same everywhere, though the plan does not want that."""
    names = sorted({name for _, it in functions for name in it.environment})
    return [
        name
        for name in names
        if not name.startswith(_OURS)
        and len({it.environment.get(name) for _, it in functions}) > 1
        and _is_planned_alike(role, functions, _variable(name))
    ]


def _variable(name: str) -> Callable[[FunctionPlan], object]:
    return lambda plan: plan.environment.get(name)


def _is_planned_alike(
    role: FunctionRole,
    functions: Sequence[tuple[RegionPlan, LiveFunction]],
    value: Callable[[FunctionPlan], object],
) -> bool:
    planned = [planned_function(plan, role) for plan, _ in functions]
    return len({value(it) for it in planned if it}) <= 1


def _sentence(role: FunctionRole, what: str, who: str) -> str:
    return (
        f"{role}: regions differ in {what}: {who}"
        "\nNext: firehose deploy makes them alike, or firehose rollback --region the newer ones"
    )
