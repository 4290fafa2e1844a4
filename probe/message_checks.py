"""The checks of one message each: it is sent, and its answer is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from probe import check_requests
from probe.answer_problems import Judgement, judged, judged_refusal
from probe.check_requests import request_named
from probe.customer_settings import with_settings
from probe.endpoint_answer import EndpointAnswer, Json, as_bytes
from probe.endpoint_check import (
    FIREHOSE_PAGE,
    INFERENCE,
    LIMITS_PAGE,
    OUTBOUND_PAGE,
    SDK,
    Check,
    Result,
    Stage,
    advised,
    failed,
    passed,
)
from probe.registered_types import BATCH, ERASURE, MEMBERSHIP, REGISTRATION, SUBSCRIPTION
from probe.remedies import Need


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedAnswer:
    """A request as it was made, its answer, and what is to be said of that."""

    request: Json
    answer: EndpointAnswer
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageCheck(Check):
    """A demand that one message puts to the proof.

    `message_type` decides the path over HTTPS, also of what only pretends to be a message; where
    it is none, the message is of the type that mParticle sends the integration most.
    What is named like its type is sent as the stage makes it; without `make` it is the message of
    `messages` with the check's name.
    `is_quick` marks those that `firehose verify` sends as well, to what is live. With `cut_off`
    what is sent lacks its end, so that it is no JSON.
    """

    make: Callable[..., Json] | None = None
    message_type: str | None = None
    judge: Callable[[Json, EndpointAnswer], Judgement] = judged
    is_quick: bool = True
    cut_off: bool = False

    def type_on(self, stage: Stage) -> str:
        """Give the type that is sent there."""
        return self.message_type or stage.main_type

    def request(self, main_type: str) -> Json:
        """Make the message; `main_type` is what it is where the check is not of one type."""
        if self.make is None:
            return request_named(self.name)
        return self.make() if self.message_type else self.make(main_type)

    def exchange(self, stage: Stage) -> JudgedAnswer:
        """Send the message and judge the answer. Raises as the endpoint does."""
        is_plain = self.name == self.message_type
        request = stage.make(self.name) if is_plain else self.request(stage.main_type)
        sent = as_bytes(request)[:-10] if self.cut_off else with_settings(request, stage.settings)
        answer = stage.endpoint.send(sent, message_type=self.type_on(stage))
        return JudgedAnswer(request=request, answer=answer, judgement=self.judge(request, answer))

    def waived(self, stage: Stage) -> str | None:
        """Waive what mParticle never sends: another family, or what AWS lets not through."""
        if self.cut_off and stage.endpoint.transport == "lambda":
            return "AWS lets nothing but JSON through to a function"
        return stage.unregistered(self.type_on(stage))

    def run(self, stage: Stage) -> Result:
        """Send the message; the answer decides."""
        found = self.exchange(stage).judgement
        if found.problem:
            return failed(found.problem, stage.remedies.mend)
        return advised(found.advice) if found.advice else passed()


def _refused(_request: Json, answer: EndpointAnswer) -> Judgement:
    return judged_refusal(answer, status=HTTPStatus.BAD_REQUEST)


def _taken_or_too_large(request: Json, answer: EndpointAnswer) -> Judgement:
    """Judge by docs/delivery.md: over HTTPS 413; a function may take it, or fail by itself."""
    if answer.is_success:
        return judged(request, answer)
    return judged_refusal(answer, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


MESSAGE_CHECKS: tuple[MessageCheck, ...] = (
    MessageCheck(
        name=REGISTRATION,
        demand="A registration request is answered without a token by what the integration is.",
        source=OUTBOUND_PAGE,
        message_type=REGISTRATION,
    ),
    MessageCheck(
        name="module_registration_request_without_version",
        demand="A registration request need not have `firehose_version`.",
        source=FIREHOSE_PAGE,
        make=check_requests.without_version,
        message_type=REGISTRATION,
    ),
    MessageCheck(
        name=BATCH,
        demand="A batch of events is answered by the response of its pair.",
        source=FIREHOSE_PAGE,
        message_type=BATCH,
    ),
    MessageCheck(
        name="event_processing_request_idle",
        demand="A batch without anything checks that the endpoint is alive, and is answered.",
        source=FIREHOSE_PAGE,
        message_type=BATCH,
    ),
    MessageCheck(
        name="event_processing_request_eventless",
        demand="A batch without events that tells about a user is answered.",
        source=SDK,
        make=check_requests.eventless,
        message_type=BATCH,
        is_quick=False,
    ),
    MessageCheck(
        name="event_processing_request_256_kb",
        demand="A batch of 256 KB, the most that mParticle itself takes, is answered.",
        source=LIMITS_PAGE,
        make=check_requests.big_batch,
        message_type=BATCH,
        is_quick=False,
    ),
    MessageCheck(
        name=SUBSCRIPTION,
        demand="An audience that is connected, changed or removed is answered.",
        source=FIREHOSE_PAGE,
        message_type=SUBSCRIPTION,
    ),
    MessageCheck(
        name=MEMBERSHIP,
        demand="Users who enter or leave audiences are answered.",
        source=FIREHOSE_PAGE,
        message_type=MEMBERSHIP,
    ),
    MessageCheck(
        name="audience_membership_change_request_idle",
        demand="A membership change without `user_profiles` checks that the endpoint is alive.",
        source=FIREHOSE_PAGE,
        message_type=MEMBERSHIP,
    ),
    MessageCheck(
        name=ERASURE,
        demand="An erasure is answered.",
        source=SDK,
        message_type=ERASURE,
    ),
    MessageCheck(
        name="unknown_field",
        demand="Fields that mParticle adds some day are ignored.",
        source=SDK,
        make=check_requests.unknown_field,
    ),
    MessageCheck(
        name="unknown_event_type",
        demand="An event of a new kind does not fail its batch.",
        source=INFERENCE,
        make=check_requests.unknown_event_type,
        message_type=BATCH,
        is_demanded=False,
    ),
    MessageCheck(
        name="unknown_enum_value",
        demand="A new platform, identity or category does not fail its batch.",
        source=INFERENCE,
        make=check_requests.unknown_enum_value,
        message_type=BATCH,
        is_demanded=False,
        is_quick=False,
    ),
    MessageCheck(
        name="oversize",
        demand="What is too large is taken, or refused in a way that mParticle does not repeat.",
        source=OUTBOUND_PAGE,
        make=check_requests.oversize,
        judge=_taken_or_too_large,
    ),
    MessageCheck(
        name="wrong_type",
        demand="A message that is no request is refused in a way that mParticle does not repeat.",
        source=OUTBOUND_PAGE,
        make=check_requests.wrong_type,
        judge=_refused,
    ),
    MessageCheck(
        name="malformed",
        demand="A message with a list that is none is refused, not answered as taken.",
        source=SDK,
        make=check_requests.malformed,
        judge=_refused,
        is_quick=False,
    ),
    MessageCheck(
        name="cut_off",
        demand="A body that is no JSON is refused in a way that mParticle does not repeat.",
        source=OUTBOUND_PAGE,
        make=request_named,
        judge=_refused,
        needs=(Need.URL,),
        cut_off=True,
        is_quick=False,
    ),
)
QUICK_CHECKS = tuple(check for check in MESSAGE_CHECKS if check.is_quick)
"""Those for `firehose verify`, in the order in which mParticle sends their messages first."""
