"""The check that the integration's class does something with what it registers for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from firehose import check_registration
from probe.deployed_stages import registration_of
from probe.endpoint_check import INFERENCE, Check, Result, Stage, failed, passed, skipped
from probe.registered_types import registration_in
from probe.remedies import Need

OTHER_CODE = "it is about classes of firehose.MessageProcessor"


@dataclass(frozen=True, slots=True, kw_only=True)
class HooksCheck(Check):
    """What has no hook is acknowledged, and lost."""

    name: str = "registered_hooks"
    demand: str = "Every message family and event type that is registered has its hook."
    source: str = INFERENCE
    needs: Sequence[Need] = (Need.CLASS,)

    def waived(self, stage: Stage) -> str | None:
        """Waive it for code that is no class of ours."""
        return None if stage.is_ours else OTHER_CODE

    def run(self, stage: Stage) -> Result:
        """Compare the registration that the endpoint answers with the hooks of its class."""
        registration = registration_in(registration_of(stage.endpoint))
        if registration is None:
            return skipped(
                "the registration cannot be read: see module_registration_request",
                stage.remedies.mend,
            )
        missing = [
            f"{finding.path}: {finding.text}"
            for finding in check_registration(registration, processor=stage.processor)
            if finding.id == "M7"
        ]
        if missing:
            return failed("; ".join(missing), "write the hook, or do not register for it")
        return passed()
