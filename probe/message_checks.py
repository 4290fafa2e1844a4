"""The checks of one message each: it is sent, and its answer is judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
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
class MessageCheck:
    """A demand that one message puts to the proof; see `probe.endpoint_check.Check`.

    `message_type` decides the path over HTTPS, also of what only pretends to be a message; where
    it is none, the message is of the type that mParticle sends the integration most.
    What is named like its type is sent as the stage makes it.
    `is_quick` marks those that `firehose verify` sends as well, to what is live. With `cut_off`
    what is sent lacks its end, so that it is no JSON.
    """

    name: str
    demand: str
    source: str
    make: Callable[..., Json]
    message_type: str | None = None
    judge: Callable[[Json, EndpointAnswer], Judgement] = judged
    needs: Sequence[Need] = ()
    is_demanded: bool = True
    is_quick: bool = False
    cut_off: bool = False

    def type_on(self, stage: Stage) -> str:
        """Give the type that is sent there."""
        return self.message_type or stage.main_type

    def request(self, main_type: str) -> Json:
        """Make the message; `main_type` is what it is where the check is not of one type."""
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
        name=BATCH,
        demand="A batch of events is answered by the response of its pair.",
        source=FIREHOSE_PAGE,
        make=_named(BATCH),
        message_type=BATCH,
        is_quick=True,
    ),
    MessageCheck(
        name="event_processing_request_idle",
        demand="A batch without anything checks that the endpoint is alive, and is answered.",
        source=FIREHOSE_PAGE,
        make=_named("event_processing_request_idle"),
        message_type=BATCH,
        is_quick=True,
    ),
    MessageCheck(
        name="event_processing_request_eventless",
        demand="A batch without events that tells about a user is answered.",
        source=SDK,
        make=check_requests.eventless,
        message_type=BATCH,
    ),
    MessageCheck(
        name="event_processing_request_256_kb",
        demand="A batch of 256 KB, the most that mParticle itself takes, is answered.",
        source=LIMITS_PAGE,
        make=check_requests.big_batch,
        message_type=BATCH,
    ),
    MessageCheck(
        name=SUBSCRIPTION,
        demand="An audience that is connected, changed or removed is answered.",
        source=FIREHOSE_PAGE,
        make=_named(SUBSCRIPTION),
        message_type=SUBSCRIPTION,
        is_quick=True,
    ),
    MessageCheck(
        name=MEMBERSHIP,
        demand="Users who enter or leave audiences are answered.",
        source=FIREHOSE_PAGE,
        make=_named(MEMBERSHIP),
        message_type=MEMBERSHIP,
        is_quick=True,
    ),
    MessageCheck(
        name="audience_membership_change_request_idle",
        demand="A membership change without `user_profiles` checks that the endpoint is alive.",
        source=FIREHOSE_PAGE,
        make=_named("audience_membership_change_request_idle"),
        message_type=MEMBERSHIP,
        is_quick=True,
    ),
    MessageCheck(
        name=ERASURE,
        demand="An erasure is answered.",
        source=SDK,
        make=_named(ERASURE),
        message_type=ERASURE,
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
        message_type=BATCH,
        is_demanded=False,
        is_quick=True,
    ),
    MessageCheck(
        name="unknown_enum_value",
        demand="A new platform, identity or category does not fail its batch.",
        source=INFERENCE,
        make=check_requests.unknown_enum_value,
        message_type=BATCH,
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
        make=request_named,
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
