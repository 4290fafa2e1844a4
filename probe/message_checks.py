"""The checks of one message each: it is sent, and its answer is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus

from probe import check_requests
from probe.answer_problems import problem_of_answer, problem_of_refusal
from probe.check_requests import request_named
from probe.customer_settings import with_settings
from probe.endpoint_answer import EndpointAnswer, Json, as_bytes
from probe.endpoint_check import (
    FIREHOSE_PAGE,
    INFERENCE,
    LIMITS_PAGE,
    OUTBOUND_PAGE,
    SDK,
    Need,
    Result,
    Stage,
    failed,
    passed,
)

REGISTRATION = "module_registration_request"
_NEXT_STEP = "read the function's log for the message's id, mend the integration, deploy again"


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAnswer:
    """A request as it was made, its answer, and what is wrong with it; none if nothing is."""

    request: Json
    answer: EndpointAnswer
    problem: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCheck:
    """A demand that one message puts to the proof; see `probe.endpoint_check.Check`.

    `message_type` decides the path over HTTPS, also of what only pretends to be a message.
    `is_quick` marks those that `firehose verify` sends as well, to what is live. With `cut_off`
    what is sent lacks its end, so that it is no JSON.
    """

    name: str
    demand: str
    source: str
    make: Callable[[], Json]
    message_type: str = "event_processing_request"
    judge: Callable[[Json, EndpointAnswer], str | None] = problem_of_answer
    needs: Sequence[Need] = ()
    is_demanded: bool = True
    is_quick: bool = False
    cut_off: bool = False

    def exchange(self, stage: Stage) -> JudgedAnswer:
        """Send the message and judge the answer. Raises as the endpoint does."""
        request = self.make()
        sent = as_bytes(request)[:-10] if self.cut_off else with_settings(request, stage.settings)
        answer = stage.endpoint.send(sent, message_type=self.message_type)
        return JudgedAnswer(request=request, answer=answer, problem=self.judge(request, answer))

    def run(self, stage: Stage) -> Result:
        """Send the message; the answer decides."""
        problem = self.exchange(stage).problem
        return passed() if problem is None else failed(problem, _NEXT_STEP)


def _refused(_request: Json, answer: EndpointAnswer) -> str | None:
    return problem_of_refusal(answer, status=HTTPStatus.BAD_REQUEST)


def _taken_or_too_large(request: Json, answer: EndpointAnswer) -> str | None:
    """Judge by docs/delivery.md: over HTTPS 413; a function may take it, or fail by itself."""
    if answer.is_success:
        return problem_of_answer(request, answer)
    return problem_of_refusal(answer, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


_named = partial(partial, request_named)

MESSAGE_CHECKS: tuple[MessageCheck, ...] = (
    MessageCheck(
        name=REGISTRATION,
        demand="A registration request is answered without a token by what the integration is.",
        source=OUTBOUND_PAGE,
        make=_named(REGISTRATION),
        message_type=REGISTRATION,
        is_quick=True,
    ),
    MessageCheck(
        name="module_registration_request_without_version",
        demand="A registration request need not have `firehose_version`.",
        source=FIREHOSE_PAGE,
        make=check_requests.without_version,
        message_type=REGISTRATION,
        is_quick=True,
    ),
    MessageCheck(
        name="event_processing_request",
        demand="A batch of events is answered by the response of its pair.",
        source=FIREHOSE_PAGE,
        make=_named("event_processing_request"),
        is_quick=True,
    ),
    MessageCheck(
        name="event_processing_request_idle",
        demand="A batch without anything checks that the endpoint is alive, and is answered.",
        source=FIREHOSE_PAGE,
        make=_named("event_processing_request_idle"),
        is_quick=True,
    ),
    MessageCheck(
        name="event_processing_request_eventless",
        demand="A batch without events that tells about a user is answered.",
        source=SDK,
        make=check_requests.eventless,
    ),
    MessageCheck(
        name="event_processing_request_256_kb",
        demand="A batch of 256 KB, the most that mParticle itself takes, is answered.",
        source=LIMITS_PAGE,
        make=check_requests.big_batch,
    ),
    MessageCheck(
        name="audience_subscription_request",
        demand="An audience that is connected, changed or removed is answered.",
        source=FIREHOSE_PAGE,
        make=_named("audience_subscription_request"),
        message_type="audience_subscription_request",
        is_quick=True,
    ),
    MessageCheck(
        name="audience_membership_change_request",
        demand="Users who enter or leave audiences are answered.",
        source=FIREHOSE_PAGE,
        make=_named("audience_membership_change_request"),
        message_type="audience_membership_change_request",
        is_quick=True,
    ),
    MessageCheck(
        name="audience_membership_change_request_idle",
        demand="A membership change without `user_profiles` checks that the endpoint is alive.",
        source=FIREHOSE_PAGE,
        make=_named("audience_membership_change_request_idle"),
        message_type="audience_membership_change_request",
        is_quick=True,
    ),
    MessageCheck(
        name="dsr_processing_request",
        demand="An erasure is answered.",
        source=SDK,
        make=_named("dsr_processing_request"),
        message_type="dsr_processing_request",
        is_quick=True,
    ),
    MessageCheck(
        name="unknown_field",
        demand="Fields that mParticle adds some day are ignored.",
        source=SDK,
        make=check_requests.unknown_field,
        is_quick=True,
    ),
    MessageCheck(
        name="unknown_event_type",
        demand="An event of a new kind does not fail its batch.",
        source=INFERENCE,
        make=check_requests.unknown_event_type,
        is_demanded=False,
        is_quick=True,
    ),
    MessageCheck(
        name="unknown_enum_value",
        demand="A new platform, identity or category does not fail its batch.",
        source=INFERENCE,
        make=check_requests.unknown_enum_value,
        is_demanded=False,
    ),
    MessageCheck(
        name="oversize",
        demand="What is too large is taken, or refused in a way that mParticle does not repeat.",
        source=OUTBOUND_PAGE,
        make=check_requests.oversize,
        judge=_taken_or_too_large,
        is_quick=True,
    ),
    MessageCheck(
        name="wrong_type",
        demand="A message that is no request is refused in a way that mParticle does not repeat.",
        source=OUTBOUND_PAGE,
        make=check_requests.wrong_type,
        judge=_refused,
        is_quick=True,
    ),
    MessageCheck(
        name="malformed",
        demand="A message with a list that is none is refused, not answered as taken.",
        source=SDK,
        make=check_requests.malformed,
        judge=_refused,
    ),
    MessageCheck(
        name="cut_off",
        demand="A body that is no JSON is refused in a way that mParticle does not repeat.",
        source=OUTBOUND_PAGE,
        make=_named("event_processing_request"),
        judge=_refused,
        needs=(Need.URL,),
        cut_off=True,
    ),
)
QUICK_CHECKS = tuple(check for check in MESSAGE_CHECKS if check.is_quick)
"""Those for `firehose verify`, in the order in which mParticle sends their messages first."""


def check_named(name: str) -> MessageCheck:
    """Find one of the checks of this module."""
    (found,) = (check for check in MESSAGE_CHECKS if check.name == name)
    return found
