"""What a check is, what it is run against, and how it can end."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from firehose import MessageProcessor
from local.stand_in import StandIn
from plan.delivery import FamilyName
from probe.check_requests import request_named
from probe.customer_settings import Settings, with_settings
from probe.endpoint_answer import Endpoint, EndpointAnswer, Json
from probe.registered_types import BATCH, MAIN_TYPES, REGISTRATION
from probe.remedies import DEPLOYED, Need, Remedies
from probe.shaped_requests import RequestMaker

FIREHOSE_PAGE = "docs.mparticle.com/developers/partners/firehose"
OUTBOUND_PAGE = "docs.mparticle.com/developers/partners/outbound-integrations"
AUDIENCES_PAGE = "docs.mparticle.com/guides/platform-guide/audiences/real-time"
LIMITS_PAGE = "docs.mparticle.com/guides/default-service-limits"
SDK = "mParticle's Java SDK 3.2.0"
INFERENCE = "nobody says it; our advice"
"""For what no page and no code of mParticle's demands."""


class State(StrEnum):
    """How a check ended. `advice` is what fails and nobody demands.

    What was skipped is not known, though somebody demands it; what is not demanded of this
    endpoint need not be known.
    """

    PASSED = "passed"
    FAILED = "failed"
    ADVICE = "advice"
    SKIPPED = "skipped"
    NOT_DEMANDED = "not demanded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a check ended and why; `next_step` is there for what failed or was skipped.

    `cause` is what several checks fail of alike, without what only this one did; empty where the
    reason is the cause.
    """

    state: State
    reason: str = ""
    next_step: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An endpoint, and what can be done around it.

    `service` is what the integration delivers to, none where nobody can steer it. `try_queued`
    lets the worker try what is queued once, `drain` until nothing is left of it.
    `read_log` gives what the function has written, none where nobody can read it.
    `queued` names the message families that go through a queue. `limit_ms` is mParticle's and
    `timeout_seconds` the function's; `has_times` is false where calls take longer than on AWS.
    `settings` are those of the customer in the requests. `registered` has the types of message
    that the integration registers for, none where that cannot be read. `processor` is the
    integration's class, none where it is out of reach. `settle` ends what an earlier check began.
    `make` makes good messages, as mParticle sends them to this integration. `remedies` are the
    next steps that fit whose code it is. `late_seconds` is how long what was acknowledged may take
    to reach the service, `calls_per_second` the most that the endpoint can be sent.
    """

    endpoint: Endpoint
    settings: Settings = field(default_factory=dict, repr=False)
    service: StandIn | None = None
    try_queued: Callable[[], None] = lambda: None
    drain: Callable[[], None] = lambda: None
    read_log: Callable[[], Sequence[str]] | None = None
    queued: Collection[FamilyName] = ()
    registered: Collection[str] | None = None
    processor: type[MessageProcessor] | None = None
    remedies: Remedies = DEPLOYED
    settle: Callable[[], None] = lambda: None
    make: RequestMaker = request_named
    late_seconds: float = 0.0
    calls_per_second: float = math.inf
    limit_ms: int
    timeout_seconds: int
    has_times: bool

    def send(self, request: Json) -> EndpointAnswer:
        """Send a good request of this stage's customer. Raises as the endpoint does."""
        body = with_settings(request, self.settings)
        return self.endpoint.send(body, message_type=request["type"])

    def is_sent(self, message_type: str) -> bool:
        """Whether mParticle sends this integration a type; all, where nobody knows."""
        known = self.registered
        return known is None or message_type == REGISTRATION or message_type in known

    @property
    def is_ours(self) -> bool:
        """Whether its code is a class of `firehose.MessageProcessor`, within reach or not."""
        return self.processor is not None or Need.CLASS in self.remedies.missing

    def unregistered(self, message_type: str) -> str | None:
        """Say that mParticle never sends a type here; none if it does."""
        if self.is_sent(message_type):
            return None
        return f"the integration registers for no {message_type}"

    @property
    def main_type(self) -> str:
        """What mParticle sends it most: events, if it registers for them."""
        return next((it for it in MAIN_TYPES if self.is_sent(it)), BATCH)

    def lacks(self, needs: Sequence[Need]) -> list[Need]:
        """Find what a check would need and this stage has not."""
        missing = {
            Need.URL: self.endpoint.transport != "https",
            Need.SERVICE: self.service is None,
            Need.LOG: self.read_log is None,
            Need.TIMES: not self.has_times,
            Need.CLASS: self.processor is None,
        }
        return [need for need in needs if missing[need]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One demand of mParticle's, with its source, that can be put to the proof.

    `name` is what the command line and reports call it. `needs` is what it takes beyond an endpoint
    that answers. What fails though nobody demands it is advice.
    """

    name: str
    demand: str
    source: str
    needs: Sequence[Need] = ()
    is_demanded: bool = True

    def waived(self, stage: Stage) -> str | None:
        """Say why the endpoint need not meet the demand; none if it has to, as by default."""

    def run(self, stage: Stage) -> Result:
        """Put the demand to the proof on a stage that lacks nothing it needs."""
        raise NotImplementedError


def passed(reason: str = "") -> Result:
    """End well."""
    return Result(state=State.PASSED, reason=reason)


def failed(reason: str, next_step: str, *, cause: str = "") -> Result:
    """End badly, with what to do."""
    return Result(state=State.FAILED, reason=reason, next_step=next_step, cause=cause)


def advised(reason: str, next_step: str = "") -> Result:
    """End with something that nobody demands, or that proves nothing."""
    return Result(state=State.ADVICE, reason=reason, next_step=next_step)


def skipped(reason: str, next_step: str = "") -> Result:
    """End without a word on the demand, with why."""
    return Result(state=State.SKIPPED, reason=reason, next_step=next_step)


def not_demanded(reason: str) -> Result:
    """End because this endpoint need not do it."""
    return Result(state=State.NOT_DEMANDED, reason=reason)
