"""The checks of what happens between the integration and the partner's service, also in trouble."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from local.stand_in import Behaviour, StandIn, always
from plan.mparticle import RETRIED_STATUSES
from probe.answer_problems import problem_of_answer
from probe.check_requests import request_named
from probe.endpoint_answer import EndpointAnswer
from probe.endpoint_check import (
    AUDIENCES_PAGE,
    OUTBOUND_PAGE,
    Need,
    Result,
    Stage,
    failed,
    passed,
    skipped,
)

_BATCH = "event_processing_request"
_MEMBERSHIP = "audience_membership_change_request"
_ERASURE = "dsr_processing_request"
_UNCALLED = "the integration called no service; put its URL into [environment]"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCheck:
    """A demand that takes a service to steer; see `probe.endpoint_check.Check`."""

    name: str
    demand: str
    source: str
    examine: Callable[[Stage, StandIn], Result]
    needs: Sequence[Need] = (Need.SERVICE,)
    is_demanded: bool = True

    def run(self, stage: Stage) -> Result:
        """Steer the service, send what is needed, and leave the service well."""
        if stage.service is None:
            return skipped(stage.lacks(self.needs))
        try:
            return self.examine(stage, stage.service)
        finally:
            stage.service.choose = always("ok")


def _repeated_delivery(stage: Stage, service: StandIn) -> Result:
    start = _effects(service)
    for name in (_BATCH, _MEMBERSHIP, _ERASURE):
        request = request_named(name)
        effects = []
        for _ in ("first delivery", "and again"):
            problem = problem_of_answer(request, stage.send(request))
            if problem:
                return failed(f"{name}: {problem}", "make every check of one message pass first")
            stage.drain()
            effects.append(_effects(service))
        once, twice = effects
        if twice > once:
            return failed(
                f"{name}: its second delivery had {twice - once} more effects at the service",
                "send the service a key that is the same whenever the same message comes",
            )
    return passed() if _effects(service) > start else skipped(_UNCALLED)


def _slow_service(stage: Stage, service: StandIn) -> Result:
    seconds = stage.timeout_seconds + 1

    @contextmanager
    def slow() -> Iterator[None]:
        service.choose = lambda _call: Behaviour(seconds=seconds)
        yield
        service.choose = always("ok")

    return _through(slow(), stage, service, trouble=f"a service that takes {seconds} s")


def _dead_service(stage: Stage, service: StandIn) -> Result:
    return _through(service.away(), stage, service, trouble="a service that is away")


def _through(
    bad_time: AbstractContextManager[None], stage: Stage, service: StandIn, *, trouble: str
) -> Result:
    """Send a batch in a bad time: the answer comes in time, and the batch arrives in the end.

    What was not taken is sent once more when the service is well, as mParticle would.
    """
    request = request_named(_BATCH)
    before = _effects(service)
    with bad_time:
        answer = stage.send(request)
        stage.try_queued()
    problem = _problem_in_trouble(answer, stage.timeout_seconds)
    if problem:
        return failed(f"{trouble}: {problem}", "give the integration's client a total timeout")
    if not answer.is_success:
        problem = problem_of_answer(request, stage.send(request))
        if problem:
            return failed(f"after {trouble}: {problem}", "let the client connect anew")
    stage.drain()
    if _effects(service) > before:
        return passed()
    if not _calls(stage, service):
        return skipped(_UNCALLED)
    return failed(
        f"{trouble}: the batch was acknowledged and never arrived",
        "raise RetryableError when the service cannot be reached",
    )


def _calls(stage: Stage, service: StandIn) -> bool:
    """Find out whether the integration calls the service at all."""
    before = len(service.received)
    stage.send(request_named(_BATCH))
    stage.drain()
    return len(service.received) > before


def _problem_in_trouble(answer: EndpointAnswer, timeout_seconds: int) -> str | None:
    if answer.died or answer.milliseconds >= timeout_seconds * 1000:
        return f"no answer within the function's {timeout_seconds} s"
    if answer.is_success or answer.error is not None or answer.status in RETRIED_STATUSES:
        return None
    return f"{answer}, which mParticle does not repeat"


def _rejected_credentials(stage: Stage, service: StandIn) -> Result:
    service.choose = always("unauthorized")
    request = request_named(_MEMBERSHIP)
    before = len(service.received)
    answer = stage.send(request)
    problem = problem_of_answer(request, answer)
    next_step = "raise InvalidCredentials when the service answers 401 or 403"
    if problem:
        return failed(problem, next_step)
    stage.drain()
    calls = len(service.received) - before
    if answer.content.get("suspend_subscription"):
        return passed()
    if not calls:
        return skipped(_UNCALLED)
    if "audiences" not in stage.queued:
        return failed("the subscription was not suspended", next_step)
    if calls > 1:
        return failed(f"a refused key was tried {calls} times from the queue", next_step)
    return passed("queued, so mParticle is not told: a dead letter, counted as `rejected`")


def _effects(service: StandIn) -> int:
    """Count what happened at the service: one key is one effect, a call without a key another."""
    keys = sum(1 for key in service.effects if key)
    return keys + service.effects[""]


SERVICE_CHECKS: tuple[ServiceCheck, ...] = (
    ServiceCheck(
        name="repeated_delivery",
        demand="What mParticle or the queue repeats has no second effect at your service.",
        source=OUTBOUND_PAGE,
        examine=_repeated_delivery,
    ),
    ServiceCheck(
        name="slow_service",
        demand="While your service is slow, answers come in time, and nothing is lost.",
        source=OUTBOUND_PAGE,
        examine=_slow_service,
    ),
    ServiceCheck(
        name="dead_service",
        demand="While your service is away, answers make mParticle repeat, and nothing is lost.",
        source=OUTBOUND_PAGE,
        examine=_dead_service,
    ),
    ServiceCheck(
        name="rejected_credentials",
        demand="A refused key on an audience message suspends the subscription.",
        source=AUDIENCES_PAGE,
        examine=_rejected_credentials,
    ),
)
