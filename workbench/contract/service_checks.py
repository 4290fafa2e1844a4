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
    Result,
    Stage,
    failed,
    passed,
    skipped,
)
from probe.registered_types import MAIN_TYPES, MEMBERSHIP
from probe.remedies import Need
from workbench.contract.calls_seen import CallsSeen, most_tries, unrecognised
from workbench.contract.families_check import UNCALLED
from workbench.contract.still_service import wait_for_call


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceCheck:
    """A demand that takes a service to steer; see `probe.endpoint_check.Check`."""

    name: str
    demand: str
    source: str
    examine: Callable[[Stage, StandIn], Result]
    needs: Sequence[Need] = (Need.SERVICE,)
    is_demanded: bool = True
    message_type: str | None = None

    def waived(self, stage: Stage) -> str | None:
        """Waive what is about a type of message that mParticle never sends."""
        return stage.unregistered(self.message_type) if self.message_type else None

    def run(self, stage: Stage) -> Result:
        """Steer the service, send what is needed, and leave the service well."""
        if stage.service is None:
            return skipped("needs a service")
        try:
            return self.examine(stage, stage.service)
        finally:
            stage.service.choose = always("ok")


def _repeated_delivery(stage: Stage, service: StandIn) -> Result:
    called = False
    for name in filter(stage.is_sent, MAIN_TYPES):
        seen = CallsSeen(service)
        request = request_named(name)
        deliveries = []
        for sent in (request_named(name), request, request):
            problem = problem_of_answer(sent, stage.send(sent))
            if problem:
                return failed(f"{name}: {problem}", stage.remedies.mend, cause=problem)
            stage.drain()
            deliveries.append(seen.take())
        others, first, again = deliveries
        called = called or bool(first)
        new = unrecognised(again, first, others)
        if new:
            return failed(
                f"{name}: delivered twice, {new} of {len(again)} calls are new to the service",
                "send a key that is the same whenever the same message comes, in a header or body",
            )
    return passed() if called else _uncalled(stage)


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
    """Send a message in a bad time: the answer comes in time, and it arrives in the end.

    What was not taken is sent once more when the service is well, as mParticle would.
    """
    request = request_named(stage.main_type)
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
        wait_for_call(service, seconds=stage.late_seconds)
    if arrived or len(seen):
        return passed()
    if not _calls(stage, service):
        return _uncalled(stage)
    return failed(
        f"{trouble}: the message was acknowledged and never arrived", stage.remedies.unreachable
    )


def _calls(stage: Stage, service: StandIn) -> bool:
    """Find out whether the integration calls the service at all."""
    seen = CallsSeen(service)
    stage.send(request_named(stage.main_type))
    stage.drain()
    return len(seen) > 0


def _uncalled(stage: Stage) -> Result:
    return skipped(f"{UNCALLED}: see registered_families", stage.remedies.uncalled)


def _problem_in_trouble(answer: EndpointAnswer, timeout_seconds: int) -> str | None:
    if answer.died or answer.milliseconds >= timeout_seconds * 1000:
        return f"no answer within the function's {timeout_seconds} s"
    if answer.is_success or answer.error is not None or answer.status in RETRIED_STATUSES:
        return None
    return f"{answer}, which mParticle does not repeat"


def _rejected_credentials(stage: Stage, service: StandIn) -> Result:
    service.choose = always("unauthorized")
    request = request_named(MEMBERSHIP)
    seen = CallsSeen(service)
    answer = stage.send(request)
    problem = problem_of_answer(request, answer)
    if not problem:
        stage.drain()
        calls = seen.take()
        if answer.content.get("suspend_subscription"):
            return passed()
        if not calls:
            return _uncalled(stage)
        problem = _problem_of_tries(most_tries(calls), is_queued="audiences" in stage.queued)
    if problem:
        return failed(problem, stage.remedies.refused_key)
    return passed("queued, so mParticle is not told: a dead letter, counted as `rejected`")


def _problem_of_tries(tries: int, *, is_queued: bool) -> str | None:
    if not is_queued:
        return "the subscription was not suspended"
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
        message_type=MEMBERSHIP,
    ),
)
