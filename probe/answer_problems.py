"""Whether an answer is what mParticle expects; every sentence here is for a person to act on."""

from __future__ import annotations

from http import HTTPStatus

from firehose import InvalidMessage, decode
from probe.endpoint_answer import EndpointAnswer, Json


def problem_of_answer(request: Json, answer: EndpointAnswer) -> str | None:
    """Say what is wrong with the answer to a good request; none if nothing is.

    The id has to be a GUID; that it is the request's is another check.
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
        decode(content, strict=True)
    except InvalidMessage as error:
        return str(error)
    if "id" not in content:
        return "answered without an id"
    return None


def problem_of_refusal(answer: EndpointAnswer, *, status: HTTPStatus) -> str | None:
    """Say why an answer does not refuse a bad request as docs/delivery.md says; none if it does.

    Over HTTPS that takes one status, which mParticle does not repeat; a function has to fail by
    itself, without dying.
    """
    if answer.died:
        return f"{answer}; it should refuse the message, not die of it"
    if answer.error is not None or answer.status == status:
        return None
    if answer.is_success:
        return "was taken for a good message"
    return f"{answer}; expected {int(status)}"


def problem_of_id(request: Json, answer: EndpointAnswer) -> str | None:
    """Say that an answer does not carry the id of its request; none if it does."""
    if isinstance(answer.content, dict) and answer.content.get("id") == request["id"]:
        return None
    return "answered another id than the request's"
