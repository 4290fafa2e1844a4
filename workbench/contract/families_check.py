"""The check that what is registered reaches the partner's service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from probe.endpoint_check import INFERENCE, Check, Result, Stage, failed, passed, skipped
from probe.registered_types import MAIN_TYPES
from probe.remedies import Need
from workbench.contract.reaching import UNCALLED, reach


@dataclass(frozen=True, slots=True, kw_only=True)
class FamiliesCheck(Check):
    """What is answered and never passed on is lost."""

    name: str = "registered_families"
    demand: str = "Messages of every registered family reach your service."
    source: str = INFERENCE
    needs: Sequence[Need] = (Need.SERVICE,)

    def waived(self, stage: Stage) -> str | None:
        """Waive it where nothing is registered."""
        return None if any(map(stage.is_sent, MAIN_TYPES)) else "nothing is registered"

    def run(self, stage: Stage) -> Result:
        """Send each family what it may be sent, until there is a call."""
        service = stage.service
        if service is None:
            return skipped("needs a service")
        if stage.registered is None:
            return skipped(
                "the registration cannot be read: see module_registration_request",
                stage.remedies.mend,
            )
        found = [reach(stage, service, it) for it in filter(stage.is_sent, MAIN_TYPES)]
        silent = [it for it in found if it.make is None]
        if not silent:
            return passed()
        if any(it.problem for it in silent):
            return next(it for it in silent if it.problem).why_not(stage)
        names = ", ".join(it.message_type for it in silent)
        reason = f"nothing reached the service of {names}"
        return failed(reason, stage.remedies.uncalled, cause=UNCALLED)
