"""Concurrency that AWS would refuse is left out, so that the rest of the region deploys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plan.limits import RegionLimits

if TYPE_CHECKING:  # `plan.regions` fits its plans with this module
    from plan.regions import FunctionPlan, RegionPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A choice that the account's measured limit does not allow yet.

    `setting` is its key in the deployment file, `of` the function it is about, `room` what the
    account has left for it, below 0 where AWS's own floor does not fit.
    """

    setting: str
    of: str
    wanted: int
    room: int
    limits: RegionLimits

    @property
    def needed_limit(self) -> int:
        """The account's limit with which the choice fits."""
        return self.limits.concurrent_executions + self.wanted - self.room

    def __str__(self) -> str:
        return (
            f"{self.setting} = {self.wanted} of the {self.of} is left out: AWS would accept at most"
            f" {max(0, self.room)}, because the account may run"
            f" {self.limits.concurrent_executions} at once in this region (measured on"
            f" {self.limits.measured_on}). Next: ask AWS for at least {self.needed_limit} (Service"
            " Quotas, AWS Lambda, Concurrent executions), measure again, deploy again"
        )


def fitted(plan: RegionPlan) -> RegionPlan:
    """Leave out of a region's plan what its measured limits do not allow, and say so in it.

    What mParticle waits for comes first, the worker last. Without measured limits everything stays.
    """
    if plan.limits is None:
        return plan
    fit = _Fit(plan.limits)
    invoked = "lambda" in plan.transports
    function = fit.function(plan.function, "function", "endpoint") if invoked else plan.function
    https, delivery = plan.https, plan.delivery
    if https:
        https = replace(https, function=fit.function(https.function, "function", "HTTPS endpoint"))
    if delivery:
        delivery = replace(delivery, worker=fit.function(delivery.worker, "worker", "worker"))
    return replace(
        plan, function=function, https=https, delivery=delivery, left_out=tuple(fit.left_out)
    )


class _Fit:
    """The room that is left in one region, and what did not fit into it."""

    def __init__(self, limits: RegionLimits) -> None:
        self.left_out: list[LeftOut] = []
        self._limits = limits
        self._room = limits.room

    def function(self, function: FunctionPlan, table: str, of: str) -> FunctionPlan:
        """Give a function what fits.

        Environments that are kept warm are part of a reservation; without one they take room.
        """
        reserved, provisioned = function.reserved_concurrency, function.provisioned_concurrency
        if reserved is not None and not self._fits(reserved, f"{table}.reserved_concurrency", of):
            reserved = None
        if reserved is None and not self._fits(provisioned, f"{table}.provisioned_concurrency", of):
            provisioned = 0
        self._room -= provisioned if reserved is None else reserved
        return replace(function, reserved_concurrency=reserved, provisioned_concurrency=provisioned)

    def _fits(self, wanted: int, setting: str, of: str) -> bool:
        fits = wanted == 0 or wanted <= self._room
        if not fits:
            self.left_out.append(
                LeftOut(setting=setting, of=of, wanted=wanted, room=self._room, limits=self._limits)
            )
        return fits
