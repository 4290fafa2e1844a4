"""The check that every call of the integration is one that the API's OpenAPI document describes."""

from __future__ import annotations

from pathlib import Path

from local.stand_in import StandIn
from probe.endpoint_check import Result, Stage, failed, passed, skipped
from probe.registered_types import FAMILY_TYPES
from probe.remedies import Need
from workbench.contract.reaching import UNCALLED
from workbench.contract.service_check import ServiceCheck
from workbench.partner_api.api_document import document_beside, read_document
from workbench.partner_api.call_check import problems_of

_MOST_TOLD = 5


def _examine(stage: Stage, service: StandIn) -> Result:
    """Send a message of each type, and hold all calls so far, also of other checks, against it."""
    file = _document_of(stage)
    if file is None:
        raise ValueError("needs a document")
    document = read_document(file)
    for name in filter(stage.is_sent, FAMILY_TYPES):
        stage.send(stage.make(name))
    stage.drain()
    calls = list(service.received)
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


def _waive(stage: Stage) -> str | None:
    if _document_of(stage) is None:
        return "there is no OpenAPI document beside the integration's tests"
    return None


def _document_of(stage: Stage) -> Path | None:
    """Find the document of the integration whose class this is."""
    if stage.processor is None:
        return None
    return document_beside(Path("tests", stage.processor.__module__.partition(".")[0]))


DOCUMENTED_CALLS_CHECK = ServiceCheck(
    name="documented_calls",
    demand="Every call of your service is one that its OpenAPI document describes.",
    source="the document beside your tests: firehose new --openapi",
    examine=_examine,
    needs=(Need.SERVICE, Need.CLASS),
    waive=_waive,
)
