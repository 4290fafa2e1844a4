"""Journeys as data for the page: a row of the list, and everything about one; secrets by name."""

from __future__ import annotations

import json
from typing import Any

from endpoint.answering import ProcessingError
from firehose import InvalidMessage
from workbench.in_process_worker import WorkerTry, line_of_endpoint
from workbench.message_runner import https_status
from workbench.partner_trace import place_of, trace_of
from workbench.passages import Passage
from workbench.studio.journey import Journey
from workbench.trial_records import call_of

Row = dict[str, Any]

STATES = (
    "at work",
    "answered",
    "failed",
    "accepted",
    "overflowed",
    "diverted",
    "retried",
    "delivered",
    "rejected",
    "dead",
)
"""Where a message can be."""


def row_of(journey: Journey) -> Row:
    """Give what the list shows of a journey; `at` is in milliseconds of the epoch."""
    passages, answered = journey.passages, journey.answered
    request = journey.request
    return {
        "n": journey.number,
        "at": round(journey.arrived_at * 1000),
        "type": request.type if request else "",
        "id": request.id if request else "",
        "way": journey.way,
        "state": _state(journey),
        "status": _status(journey),
        "ms": _ms(answered.seconds) if answered else None,
        "limit": journey.limit_ms,
        "calls": sum(len(it.exchanges) for it in passages),
        "tries": len(journey.tries),
        "error": _error(journey),
        "due": round(journey.due_at * 1000) if journey.due_at else None,
    }


def detail_of(journey: Journey) -> dict[str, Any]:
    """Give everything about a journey, step by step; moments are in milliseconds from its start."""
    start = journey.answered.began if journey.answered else 0.0
    passages = []
    if journey.answered:
        passages.append({"by": "endpoint"} | _passage(journey.answered, journey, start))
    for tried, passage in journey.tries:
        passages.append({"by": "worker"} | _try(tried) | _passage(passage, journey, start))
    return {
        **row_of(journey),
        "message": _message(journey),
        "response": _response(journey),
        "queued_id": journey.queued.id if journey.queued else None,
        "passages": passages,
    }


def _passage(passage: Passage, journey: Journey, start: float) -> dict[str, Any]:
    mask = journey.mask
    first = passage.hooks[0].began if passage.hooks else None
    return {
        "began": _ms(passage.began - start),
        "ms": _ms(passage.seconds),
        "decoded": _ms(first - passage.began) if first is not None else None,
        "hooks": [
            {"name": it.name, "began": _ms(it.began - start), "ms": _ms(it.seconds)}
            for it in passage.hooks
        ],
        "calls": [
            {
                "url": mask.text(it.call.url),
                "began": _ms(it.began - start),
                "ms": _ms(it.seconds),
                **call_of(it, mask),
            }
            for it in passage.exchanges
        ],
        "errors": [
            {
                "class": type(error).__qualname__,
                "text": mask.text(str(error)),
                "place": place_of(error),
                "trace": mask.text(trace_of(error)),
            }
            for error in passage.errors
        ],
        "printed": [mask.text(line) for line in passage.log if not line_of_endpoint(line)],
        "outcomes": _outcomes(passage),
        "refused_hosts": list(passage.refused_hosts),
    }


def _try(tried: WorkerTry) -> dict[str, Any]:
    return {
        "attempt": tried.attempt,
        "outcome": tried.outcome,
        "error": tried.error,
        "where": tried.where,
        "wait_seconds": tried.wait_seconds,
    }


def _state(journey: Journey) -> str:
    """Say where a message is, in a word: the worker's last, else the endpoint's."""
    if journey.outcome is None:
        return "at work"
    if journey.tries:
        return journey.tries[-1][0].outcome
    if journey.queued:
        outcomes = (it["outcome"] for it in _outcomes(journey.passages[0]))
        return next((it for it in outcomes if it != "late"), "accepted")
    return "answered" if _is_answered(journey) else "failed"


def _is_answered(journey: Journey) -> bool:
    outcome = journey.outcome
    return isinstance(outcome, dict) and outcome.get("statusCode", 200) < 300


def _status(journey: Journey) -> int | None:
    """Give the HTTP status; that of the https transport where it was invoked and failed."""
    outcome = journey.outcome
    if outcome is None:
        return None
    if isinstance(outcome, dict) and journey.is_http:
        return int(outcome["statusCode"])
    return https_status(outcome)


def _error(journey: Journey) -> str:
    errors = [error for passage in journey.passages for error in passage.errors]
    if errors:
        return type(errors[-1]).__qualname__
    outcome = journey.outcome
    if isinstance(outcome, ProcessingError):
        return outcome.failure.error
    if isinstance(outcome, InvalidMessage):
        return type(outcome).__qualname__
    if not _is_answered(journey) and isinstance(outcome, dict):
        return str(json.loads(outcome["body"]).get("error", ""))
    return ""


def _response(journey: Journey) -> Any:
    """Give what mParticle sees: the response, or the failure in its place."""
    outcome = journey.outcome
    if isinstance(outcome, dict):
        return journey.mask.json(json.loads(outcome["body"]) if journey.is_http else outcome)
    if isinstance(outcome, InvalidMessage):
        return {"failure": f"InvalidMessage: {outcome}"}
    return {"failure": str(outcome)} if outcome else None


def _message(journey: Journey) -> Any:
    """Give the message with its secrets by name; none where it is no message, to be read by eye."""
    if journey.request is None:
        return None
    return journey.mask.json(json.loads(journey.content))


def _outcomes(passage: Passage) -> list[dict[str, Any]]:
    """Give what the endpoint or the worker logged of a passage."""
    lines = [it for line in passage.log if (it := line_of_endpoint(line))]
    kept = ("outcome", "error", "where")
    return [{name: line[name] for name in kept if name in line} for line in lines]


def _ms(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds * 1000, 2)
