"""The checks of what happens between the integration and the partner's service, also in trouble."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from threading import Event

from local.service_calls import Behaviour, always
from local.stand_in import StandIn
from plan.mparticle import RETRIED_STATUSES
from probe.answer_problems import problem_of_answer
from probe.endpoint_answer import EndpointAnswer
from probe.endpoint_check import AUDIENCES_PAGE, OUTBOUND_PAGE, Result, Stage, failed, passed
from probe.registered_types import MAIN_TYPES, MEMBERSHIP
from workbench.contract.calls_seen import CallsSeen, most_tries, unrecognised
from workbench.contract.reaching import MakeRequest, Reach, reach
from workbench.contract.service_check import ServiceCheck


def _repeated_delivery(stage: Stage, service: StandIn) -> Result:
    found = [reach(stage, service, it) for it in filter(stage.is_sent, MAIN_TYPES)]
    for it in found:
        result = _delivered_twice(it, it.make, stage, service) if it.make else None
        if result:
            return result
    silent = [it for it in found if it.make is None]
    if len(silent) < len(found):
        return passed()
    return silent[0].why_not(stage)


def _delivered_twice(
    found: Reach, make: MakeRequest, stage: Stage, service: StandIn
) -> Result | None:
    """Send a message, and it again; another one before shows what is no key of a message."""
    seen = CallsSeen(service)
    request = make()
    deliveries = []
    for sent in (make(), request, request):
        problem = problem_of_answer(sent, stage.send(sent))
        if problem:
            return replace(found, problem=problem).why_not(stage)
        stage.drain()
        deliveries.append(seen.take())
    others, first, again = deliveries
    new = unrecognised(again, first, others)
    if not new:
        return None
    name = found.message_type
    return failed(
        f"{name}: delivered twice, {new} of {len(again)} calls are new to the service",
        "send a key that is the same whenever the same message comes, in a header or body",
    )


def _slow_service(stage: Stage, service: StandIn) -> Result:
    seconds = stage.timeout_seconds + 1

    @contextmanager
    def slow() -> Iterator[None]:
        well = Event()
        service.choose = lambda _call: Behaviour(seconds=seconds, sooner=well)
        try:
            yield
        finally:
            service.choose = always("ok")
            well.set()  # nobody waits for the end of a call whose caller has left

    return _through(slow(), stage, service, trouble=f"a service that takes {seconds} s")


def _dead_service(stage: Stage, service: StandIn) -> Result:
    return _through(service.away(), stage, service, trouble="a service that is away")


def _through(
    bad_time: AbstractContextManager[None], stage: Stage, service: StandIn, *, trouble: str
) -> Result:
    """Send a message in a bad time: the answer comes in time, and it arrives in the end.

    What was not taken is sent once more when the service is well, as mParticle would.
    """
    found = reach(stage, service, stage.main_type)
    if found.make is None:
        return found.why_not(stage)
    request = found.make()
    before = service.delivered.total()
    with bad_time:
        answer = stage.send(request)
        stage.try_queued()
        arrived = service.delivered.total() > before
    seen = CallsSeen(service)  # the end of a call whose caller has left is no delivery
    problem = _problem_in_trouble(answer, stage.timeout_seconds)
    if problem:
        return failed(f"{trouble}: {problem}", "give the integration's client a total timeout")
    if not answer.is_success:
        problem = problem_of_answer(request, stage.send(request))
        if problem:
            return failed(f"after {trouble}: {problem}", "let the client connect anew")
    stage.drain()
    if not arrived and not len(seen):
        service.wait_for_call(stage.late_seconds)
    if arrived or len(seen):
        return passed()
    return failed(
        f"{trouble}: the message was acknowledged and never arrived", stage.remedies.unreachable
    )


def _problem_in_trouble(answer: EndpointAnswer, timeout_seconds: int) -> str | None:
    if answer.died or answer.milliseconds >= timeout_seconds * 1000:
        return f"no answer within the function's {timeout_seconds} s"
    if answer.is_success or answer.error is not None or answer.status in RETRIED_STATUSES:
        return None
    return f"{answer}, which mParticle does not repeat"


def _rejected_credentials(stage: Stage, service: StandIn) -> Result:
    found = reach(stage, service, MEMBERSHIP)
    if found.make is None:
        return found.why_not(stage)
    service.choose = always("unauthorized")
    request = found.make()
    seen = CallsSeen(service)
    answer = stage.send(request)
    problem = problem_of_answer(request, answer)
    if not problem:
        is_queued = "audiences" in stage.queued or not len(seen)  # or in a queue of anybody's
        stage.drain()
        if answer.content.get("suspend_subscription"):
            return passed()
        problem = _problem_of_tries(most_tries(seen.take()), is_queued=is_queued)
    if problem:
        return failed(problem, stage.remedies.refused_key)
    return passed("queued, so mParticle is not told: a dead letter, counted as `rejected`")


def _problem_of_tries(tries: int, *, is_queued: bool) -> str | None:
    if not is_queued:
        return "the subscription was not suspended"
    if not tries:
        return "the message was acknowledged, and nothing was called"
    return f"a call was made {tries} times with a refused key" if tries > 1 else None


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
        waive=lambda stage: stage.unregistered(MEMBERSHIP),
    ),
)
