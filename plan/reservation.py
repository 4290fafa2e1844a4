"""Concurrency that AWS would refuse is left out, so that the rest of the region deploys."""

from __future__ import annotations

from dataclasses import replace

from plan.limits import RegionLimits
from plan.region_plan import FunctionPlan, LeftOut, RegionPlan


def fitted(plan: RegionPlan, limits: RegionLimits | None) -> RegionPlan:
    """Leave out of a region's plan what its measured limits do not allow, and say so in it.

    What mParticle waits for comes first, the worker last. Without measured limits everything stays.
    """
    if limits is None:
        return plan
    fit = _Fit(limits)
    invoked = "lambda" in plan.transports
    function = fit.function(plan.function, "function", "endpoint") if invoked else plan.function
    https, delivery = plan.https, plan.delivery
    if https:
        https = replace(https, function=fit.function(https.function, "function", "HTTPS endpoint"))
    if delivery:
        delivery = replace(delivery, worker=fit.function(delivery.worker, "worker", "worker"))
    return replace(
        plan,
        function=function,
        https=https,
        delivery=delivery,
        limits=limits,
        left_out=tuple(fit.left_out),
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
