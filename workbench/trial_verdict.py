"""What of a trial mParticle, its customers or an operator would object to, in a few words each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from firehose import InvalidCredentials
from local.service_calls import ReceivedCall
from plan.region_plan import RegionPlan
from workbench.masking import Mask
from workbench.trial import Trial

_WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def verdict_of(trial: Trial, plan: RegionPlan) -> list[str]:
    """List the objections to a trial, by the plan of its region; none where there is nothing."""
    return [*_times(trial, plan), *_prints(trial), *_calls(trial), *_errors(trial)]


def _times(trial: Trial, plan: RegionPlan) -> Iterator[str]:
    seconds = trial.milliseconds / 1000
    if seconds > plan.function.timeout_seconds:
        yield f"took {seconds:.1f} s; the function is ended after {plan.function.timeout_seconds}"
    for endpoint in plan.endpoints:
        if trial.milliseconds > endpoint.limit_ms:
            yield (
                f"answered in {trial.milliseconds:.0f} ms; mParticle allows {endpoint.limit_ms}"
                f" over {endpoint.transport}"
            )
    if plan.delivery and trial.worker_milliseconds is not None:
        limit = plan.delivery.worker.timeout_seconds
        if trial.worker_milliseconds / 1000 > limit:
            yield f"the worker took {trial.worker_milliseconds / 1000:.1f} s of its {limit}"


def _prints(trial: Trial) -> Iterator[str]:
    """Tell of what is printed; the log of a function is no place for either."""
    credentials = Mask(trial.request, identities=True)
    everything = Mask(trial.request, identities=False)
    if any(credentials.text(line) != line for line in trial.log):
        yield "a credential is printed"
    elif any(everything.text(line) != line for line in trial.log):
        yield "an identity is printed"


def _calls(trial: Trial) -> Iterator[str]:
    ids = _ids(trial.request)
    bare = {
        f"{call.method} {call.path.partition('?')[0]}"
        for call in (exchange.call for exchange in trial.exchanges)
        if call.method in _WRITING and not _is_known_again(call, ids)
    }
    for call in sorted(bare):
        yield f"{call} has no idempotency key, and no id of the message"


def _is_known_again(call: ReceivedCall, ids: frozenset[str]) -> bool:
    """Whether a service can tell that the same message comes again."""
    if call.idempotency_key:
        return True
    texts = (call.path, *call.headers.values(), call.body.decode(errors="replace"))
    return any(message_id in text for text in texts for message_id in ids)


def _ids(request: Any) -> frozenset[str]:
    """Give the ids that repetitions of a message share: its own, its request's, its events'."""
    if request is None:
        return frozenset()
    events = [event.id for event in getattr(request, "events", ())]
    return frozenset(
        filter(None, (request.id, getattr(request, "subject_request_id", None), *events))
    )


def _errors(trial: Trial) -> Iterator[str]:
    for error in trial.errors:
        if isinstance(error, InvalidCredentials):
            yield f"{type(error).__name__}: for mParticle, the customer's settings are wrong"
            return
