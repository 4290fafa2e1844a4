"""What a check is, what it is run against, and how it can end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from firehose import MessageProcessor
from local.stand_in import StandIn
from plan.delivery import FamilyName
from probe.customer_settings import Settings, with_settings
from probe.endpoint_answer import Endpoint, EndpointAnswer, Json

FIREHOSE_PAGE = "docs.mparticle.com/developers/partners/firehose"
OUTBOUND_PAGE = "docs.mparticle.com/developers/partners/outbound-integrations"
AUDIENCES_PAGE = "docs.mparticle.com/guides/platform-guide/audiences/real-time"
LIMITS_PAGE = "docs.mparticle.com/guides/default-service-limits"
SDK = "mParticle's Java SDK 3.2.0"
INFERENCE = "nobody says it; our advice"
"""For what no page and no code of mParticle's demands."""


class Need(StrEnum):
    """What a check needs beyond an endpoint that answers."""

    URL = "an endpoint that is posted to"
    SERVICE = "a partner's service that can be steered"
    LOG = "everything that the function writes"
    TIMES = "answer times that mean something"
    CLASS = "the integration's class in this process"


class State(StrEnum):
    """How a check ended. `advice` is what fails and nobody demands."""

    PASSED = "passed"
    FAILED = "failed"
    ADVICE = "advice"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a check ended and why; `next_step` is there for what failed."""

    state: State
    reason: str = ""
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """An endpoint, and what can be done around it.

    `service` is what the integration delivers to, none where nobody can steer it. `try_queued`
    lets the worker try what is queued once, `drain` until nothing is left of it.
    `read_log` gives what the function has written, none where nobody can read it.
    `queued` names the message families that go through a queue. `limit_ms` is mParticle's and
    `timeout_seconds` the function's; `has_times` is false where calls take longer than on AWS.
    `settings` are those of the customer in the requests. `processor` is the integration's
    class, none where it is out of reach.
    """

    endpoint: Endpoint
    settings: Settings = field(default_factory=dict, repr=False)
    service: StandIn | None = None
    try_queued: Callable[[], None] = lambda: None
    drain: Callable[[], None] = lambda: None
    read_log: Callable[[], Sequence[str]] | None = None
    queued: Collection[FamilyName] = ()
    processor: type[MessageProcessor] | None = None
    limit_ms: int
    timeout_seconds: int
    has_times: bool

    def send(self, request: Json) -> EndpointAnswer:
        """Send a good request of this stage's customer. Raises as the endpoint does."""
        body = with_settings(request, self.settings)
        return self.endpoint.send(body, message_type=request["type"])

    def lacks(self, needs: Sequence[Need]) -> str:
        """Say what a check would need and this stage has not; empty if nothing."""
        missing = {
            Need.URL: self.endpoint.transport != "https",
            Need.SERVICE: self.service is None,
            Need.LOG: self.read_log is None,
            Need.TIMES: not self.has_times,
            Need.CLASS: self.processor is None,
        }
        return ", ".join(need for need in needs if missing[need])


class Check(Protocol):
    """One demand of mParticle's, with its source, that can be put to the proof."""

    @property
    def name(self) -> str:
        """What it is called on the command line and in reports."""
        ...

    @property
    def demand(self) -> str:
        """What mParticle demands, in a sentence."""
        ...

    @property
    def source(self) -> str:
        """Where mParticle says so."""
        ...

    @property
    def needs(self) -> Sequence[Need]:
        """What it needs beyond an endpoint that answers."""
        ...

    @property
    def is_demanded(self) -> bool:
        """Whether somebody demands it; what fails otherwise is advice."""
        ...

    def run(self, stage: Stage) -> Result:
        """Put the demand to the proof on a stage that lacks nothing it needs."""
        ...


def passed(reason: str = "") -> Result:
    """End well."""
    return Result(state=State.PASSED, reason=reason)


def failed(reason: str, next_step: str) -> Result:
    """End badly, with what to do."""
    return Result(state=State.FAILED, reason=reason, next_step=next_step)


def skipped(reason: str) -> Result:
    """End without a word on the demand, with why."""
    return Result(state=State.SKIPPED, reason=reason)
