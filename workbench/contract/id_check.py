"""The check that each response carries its request's id."""

from __future__ import annotations

from dataclasses import dataclass

from probe.answer_problems import problem_of_answer, problem_of_id
from probe.endpoint_check import Check, Result, Stage, failed, not_demanded, passed
from probe.registered_types import FAMILY_TYPES, REGISTRATION


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseIdCheck(Check):
    """The Java SDK gives every response an id of its own."""

    name: str = "response_id"
    demand: str = "A response carries the id of its request."
    source: str = "a partner's test suite; mParticle allows another id"
    is_demanded: bool = False

    def run(self, stage: Stage) -> Result:
        """Send a message of each type."""
        for name in filter(stage.is_sent, (REGISTRATION, *FAMILY_TYPES)):
            request = stage.make(name)
            answer = stage.send(request)
            problem = problem_of_answer(request, answer)
            if problem:
                return not_demanded(f"{name} is not answered well, under any id")
            problem = problem_of_id(request, answer)
            if problem:
                return failed(f"{name}: {problem}", "answer with the request's id")
        return passed()
