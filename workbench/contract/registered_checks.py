"""The checks that what is registered has its hook, and reaches the partner's service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firehose import check_registration
from local.stand_in import StandIn
from probe.deployed_stages import registration_of
from probe.endpoint_check import INFERENCE, Check, Result, Stage, failed, passed, skipped
from probe.registered_types import MAIN_TYPES, registration_in
from probe.remedies import Need
from workbench.contract.reaching import UNCALLED, reach
from workbench.contract.service_check import ServiceCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksCheck(Check):
    """What has no hook is acknowledged, and lost."""

    name: str = "registered_hooks"
    demand: str = "Every message family and event type that is registered has its hook."
    source: str = INFERENCE
    needs: Sequence[Need] = (Need.CLASS,)

    def waived(self, stage: Stage) -> str | None:
        """Waive it for code that is no class of ours."""
        return None if stage.is_ours else "it is about classes of firehose.MessageProcessor"

    def run(self, stage: Stage) -> Result:
        """Compare the registration that the endpoint answers with the hooks of its class."""
        registration = registration_in(registration_of(stage.endpoint))
        if registration is None:
            return _unreadable(stage)
        missing = [
            f"{finding.path}: {finding.text}"
            for finding in check_registration(registration, processor=stage.processor)
            if finding.id == "M7"
        ]
        if missing:
            return failed("; ".join(missing), "write the hook, or do not register for it")
        return passed()


def _reach_the_service(stage: Stage, service: StandIn) -> Result:
    """Send each family what it may be sent, until there is a call: what never is one is lost."""
    if stage.registered is None:
        return _unreadable(stage)
    found = [reach(stage, service, it) for it in filter(stage.is_sent, MAIN_TYPES)]
    silent = [it for it in found if it.make is None]
    if not silent:
        return passed()
    if any(it.problem for it in silent):
        return next(it for it in silent if it.problem).why_not(stage)
    names = ", ".join(it.message_type for it in silent)
    reason = f"nothing reached the service of {names}"
    return failed(reason, stage.remedies.uncalled, cause=UNCALLED)


def _unreadable(stage: Stage) -> Result:
    return skipped(
        "the registration cannot be read: see module_registration_request", stage.remedies.mend
    )


FAMILIES_CHECK = ServiceCheck(
    name="registered_families",
    demand="Messages of every registered family reach your service.",
    source=INFERENCE,
    examine=_reach_the_service,
    waive=lambda it: None if any(map(it.is_sent, MAIN_TYPES)) else "nothing is registered",
)
