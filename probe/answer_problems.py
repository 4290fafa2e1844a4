"""Whether an answer is what mParticle expects; every sentence here is for a person to act on."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from firehose import InvalidMessage, decode
from plan.mparticle import RETRIED_STATUSES
from probe.endpoint_answer import EndpointAnswer, Json
from probe.extra_fields import without_extra_fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is wrong with an answer, and what could be better without anybody demanding it."""

    problem: str | None = None
    advice: str | None = None


def problem_of_answer(request: Json, answer: EndpointAnswer) -> str | None:
    """Say what is wrong with the answer to a good request; none if nothing is.

    The id has to be a GUID; that it is the request's is another check. Fields that the protocol
    does not have are no problem.
    """
    if not answer.is_success:
        return str(answer)
    content = answer.content
    expected = request["type"].replace("_request", "_response")
    if not isinstance(content, dict):
        return f"answered {type(content).__name__} instead of a JSON object"
    if content.get("type") != expected:
        return f"answered type {content.get('type')!r} instead of {expected!r}"
    try:
        known, _ = without_extra_fields(content)
        decode(known, strict=True)
    except InvalidMessage as error:
        return str(error)
    if "id" not in content:
        return "answered without an id"
    return None


def judged(request: Json, answer: EndpointAnswer) -> Judgement:
    """Judge the answer to a good request."""
    problem = problem_of_answer(request, answer)
    if problem:
        return Judgement(problem=problem)
    _, extra = without_extra_fields(answer.content)
    names = ", ".join(extra)
    return Judgement(
        advice=f"mParticle passes over {names}, which it does not know" if extra else None
    )


def judged_refusal(answer: EndpointAnswer, *, status: HTTPStatus) -> Judgement:
    """Judge the answer to a bad request, which mParticle must not repeat; best is this status.

    Over HTTPS any status that mParticle does not repeat refuses; a function has to fail by itself,
    without dying.
    """
    if answer.died:
        return Judgement(problem=f"{answer}; it should refuse the message, not die of it")
    if answer.error is not None or answer.status == status:
        return Judgement()
    if answer.is_success:
        return Judgement(problem="was taken for a good message")
    if answer.status in RETRIED_STATUSES:
        return Judgement(problem=f"{answer}, which mParticle repeats; {int(status)} ends it")
    return Judgement(advice=f"{answer}; {int(status)} says what is wrong")


def problem_of_id(request: Json, answer: EndpointAnswer) -> str | None:
    """Say that an answer does not carry the id of its request; none if it does."""
    if isinstance(answer.content, dict) and answer.content.get("id") == request["id"]:
        return None
    return "answered another id than the request's"
