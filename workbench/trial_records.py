"""A trial as data: what `firehose try` prints and a golden file keeps, with secrets by name."""

from __future__ import annotations

import json
from typing import Any

from endpoint.answering import ProcessingError
from firehose import InvalidMessage
from local.service_calls import Behaviour, ServiceExchange
from plan.region_plan import RegionPlan
from workbench.masking import Mask
from workbench.message_runner import https_status
from workbench.partner_trace import bug_of, trace_of
from workbench.trial import Trial
from workbench.trial_verdict import verdict_of

# Set by the HTTP client for its own purposes; they say nothing about the integration.
_CLIENTS_OWN = frozenset(
    {"accept-encoding", "connection", "content-length", "host", "user-agent", "transfer-encoding"}
)


def call_of(exchange: ServiceExchange, mask: Mask) -> dict[str, Any]:
    """Give a call and its answer; the body as JSON where it is JSON, else as text."""
    call = exchange.call
    headers = {name: value for name, value in call.headers.items() if name not in _CLIENTS_OWN}
    return {
        "method": call.method,
        "path": mask.text(call.path),
        "headers": dict(sorted(mask.headers(headers).items())),
        "body": _body(call.body, mask),
        "answer": _answer(exchange.answer, mask),
    }


def outcome_of(trial: Trial, mask: Mask) -> dict[str, Any]:
    """Give the response to mParticle, or the failure in place of it; without what always varies."""
    if isinstance(trial.outcome, InvalidMessage):
        return {"failure": f"InvalidMessage: {trial.outcome}"}
    if isinstance(trial.outcome, ProcessingError):
        return {"failure": trial.outcome.failure.error}
    response = {name: value for name, value in trial.outcome.items() if name != "timestamp_ms"}
    return {"response": mask.json(response)}


def trial_of(trial: Trial, *, plan: RegionPlan, identities: bool) -> dict[str, Any]:
    """Give everything about a trial."""
    mask = Mask(trial.request, identities=identities)
    worker = trial.worker
    outcome = outcome_of(trial, mask)
    return {
        "message": trial.name,
        "type": trial.request.type if trial.request else None,
        "id": trial.request.id if trial.request else None,
        "hooks": list(trial.hooks),
        "default_hooks": sorted(trial.default_hooks),
        "calls": [
            {"url": mask.text(exchange.call.url), **call_of(exchange, mask)}
            for exchange in trial.exchanges
        ],
        "response": outcome.get("response"),
        "failure": outcome.get("failure"),
        "status": https_status(trial.outcome),
        "overflowed": trial.overflowed,
        "worker": worker.outcome if worker else None,
        "worker_error": worker.error if worker else None,
        "worker_retry_seconds": worker.wait_seconds if worker else None,
        "milliseconds": round(trial.milliseconds, 2),
        "worker_milliseconds": _rounded(trial.worker_milliseconds),
        "allocated_kib": _rounded(trial.allocated_kib),
        "refused_hosts": list(trial.refused_hosts),
        "errors": [mask.text(trace_of(error)) for error in trial.errors],
        "log": [mask.text(line) for line in trial.log],
        "verdict": verdict_of(trial, plan),
    }


def bugs_of(trial: Trial) -> list[str]:
    """Give the traces of what the integration raised and did not name, without credentials."""
    bugs = (bug_of(it, trial.request, identities=True) for it in trial.errors)
    return [bug.trace for bug in bugs if bug]


def _answer(answer: Behaviour, mask: Mask) -> dict[str, Any]:
    """Give what a call was answered, without what is as usual."""
    if answer.resets:
        return {"resets": True}
    content: dict[str, Any] = {"status": answer.status}
    if answer.retry_after is not None:
        content["retry_after"] = answer.retry_after
    if answer.body:
        content["body"] = _body(answer.body, mask)
    return content


def _body(body: bytes, mask: Mask) -> Any:
    """Give a body as JSON if it is JSON, else as text; none where there is none."""
    try:
        return mask.json(json.loads(body)) if body else None
    except ValueError:
        return mask.text(body.decode(errors="replace"))


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 2)
