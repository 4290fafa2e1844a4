"""A check of what happens between the integration and the partner's service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local.service_calls import always
from local.stand_in import StandIn
from probe.endpoint_check import Check, Result, Stage
from probe.remedies import Need


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCheck(Check):
    """A demand that takes a service to steer.

    `examine` may steer the service, which is well before and afterwards. `waive` says why an
    endpoint need not meet the demand; none if it has to.
    """

    examine: Callable[[Stage, StandIn], Result]
    needs: Sequence[Need] = (Need.SERVICE,)
    waive: Callable[[Stage], str | None] = lambda _stage: None

    def waived(self, stage: Stage) -> str | None:
        """Say why the endpoint need not meet the demand; none if it has to."""
        return self.waive(stage)

    def run(self, stage: Stage) -> Result:
        """Put the demand to the proof, and leave the service well."""
        if stage.service is None:
            raise ValueError("needs a service")
        try:
            return self.examine(stage, stage.service)
        finally:
            stage.service.choose = always("ok")
