"""The check that every call of the integration is one that the API's OpenAPI document describes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from probe.endpoint_check import Check, Result, Stage, failed, passed, skipped
from probe.registered_types import FAMILY_TYPES
from probe.remedies import Need
from workbench.contract.reaching import UNCALLED
from workbench.partner_api.api_document import document_beside, read_document
from workbench.partner_api.call_check import problems_of

_MOST_TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentedCallsCheck(Check):
    """It judges the calls of the checks before it as well."""

    name: str = "documented_calls"
    demand: str = "Every call of your service is one that its OpenAPI document describes."
    source: str = "the document beside your tests: firehose new --openapi"
    needs: Sequence[Need] = (Need.SERVICE, Need.CLASS)

    def waived(self, stage: Stage) -> str | None:
        """Waive it where no document is known."""
        if _document_of(stage) is None:
            return "there is no OpenAPI document beside the integration's tests"
        return None

    def run(self, stage: Stage) -> Result:
        """Send a message of each type, and hold all calls so far against the document."""
        file = _document_of(stage)
        if stage.service is None or file is None:
            raise ValueError("needs a service and a document")
        document = read_document(file)
        for name in filter(stage.is_sent, FAMILY_TYPES):
            stage.send(stage.make(name))
        stage.drain()
        calls = list(stage.service.received)
        if not calls:
            return skipped(f"{UNCALLED}: see registered_families", stage.remedies.uncalled)
        problems = list(dict.fromkeys(it for call in calls for it in problems_of(call, document)))
        if problems:
            more = f"; and {len(problems) - _MOST_TOLD} more" if len(problems) > _MOST_TOLD else ""
            return failed(
                f"{'; '.join(problems[:_MOST_TOLD])}{more}",
                f"mend the call, or put your API's present document in place of {file}",
            )
        return passed(f"{len(calls)} calls, as {file.name} describes them")


def _document_of(stage: Stage) -> Path | None:
    """Find the document of the integration whose class this is."""
    if stage.processor is None:
        return None
    return document_beside(Path("tests", stage.processor.__module__.partition(".")[0]))
