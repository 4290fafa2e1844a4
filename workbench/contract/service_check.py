"""A check of what happens between the integration and the partner's service."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from local.service_calls import always
from local.stand_in import StandIn
from probe.endpoint_check import Result, Stage
from probe.remedies import Need


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCheck:
    """A demand that takes a service to steer; see `probe.endpoint_check.Check`.

    `examine` may steer the service, which is well before and afterwards. `waive` says why an
    endpoint need not meet the demand; none if it has to.
    """

    name: str
    demand: str
    source: str
    examine: Callable[[Stage, StandIn], Result]
    needs: Sequence[Need] = (Need.SERVICE,)
    is_demanded: bool = True
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
