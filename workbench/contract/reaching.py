"""Finding a message of which something reaches the partner's service."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import islice

from local.stand_in import StandIn
from probe.answer_problems import problem_of_answer
from probe.deployed_stages import registration_of
from probe.endpoint_answer import Json
from probe.endpoint_check import Result, Stage, failed, skipped
from probe.fresh_ids import with_fresh_ids
from probe.registered_types import registration_in
from probe.sample_messages import SampleKind, sample_messages
from probe.sample_shape import SampleShape
from workbench.contract.calls_seen import CallsSeen

UNCALLED = "the integration called no service"
_SAMPLES = 8
_SEED = 1

MakeRequest = Callable[[], Json]
"""Makes a message of one content, new each time by its ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """A type of message, and how to make one that reaches the service.

    `make` is none where none does; `problem` is then what was wrong with the first answer, none
    where it was right.
    """

    message_type: str
    make: MakeRequest | None
    problem: str | None = None

    def why_not(self, stage: Stage) -> Result:
        """Give the result of a check that needs a call and has none."""
        if self.problem:
            reason = f"{self.message_type}: {self.problem}"
            return failed(reason, stage.remedies.mend, cause=self.problem)
        return skipped(f"{UNCALLED}: see registered_families", stage.remedies.uncalled)


def reach(stage: Stage, service: StandIn, message_type: str) -> Reach:
    """Send messages of a type while the service is well, until one leads to a call.

    First the one that has most in it, then some that mParticle may send as well: an integration
    need not do something with every event.
    """
    seen = CallsSeen(service)
    problems = []
    for make in _makers(stage, message_type):
        request = make()
        problems.append(problem_of_answer(request, stage.send(request)))
        stage.drain()
        if len(seen):
            return Reach(message_type=message_type, make=make)
    return Reach(message_type=message_type, make=None, problem=problems[0])


def _makers(stage: Stage, message_type: str) -> Iterator[MakeRequest]:
    yield partial(stage.make, message_type)
    registration = registration_in(registration_of(stage.endpoint))
    if registration is None:
        return
    shape = SampleShape.of(registration)
    samples = sample_messages([SampleKind(message_type)], seed=_SEED, shape=shape)
    for sample in islice(samples, _SAMPLES):
        yield partial(with_fresh_ids, sample)
