"""What should exist in one region: the shapes that templates are made and commands work from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plan.alarm_recipients import AlarmRecipients
from plan.delivery import FamilyName
from plan.fields import TransportName
from plan.https import Domain
from plan.limits import RegionLimits
from plan.mparticle import HTTPS_P99_MS, LAMBDA_P99_MS, InvokingAccount
from plan.rollout import Strategy
from plan.traffic import Traffic

_URL = re.compile(r"(https?://)(?:[^/?#@]*@)?([^?#]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A choice that the account's measured limit does not allow yet.

    `setting` is its key in the deployment file, `of` the function it is about, `room` what the
    account has left for it, below 0 where AWS's own floor does not fit.
    """

    setting: str
    of: str
    wanted: int
    room: int
    limits: RegionLimits

    @property
    def needed_limit(self) -> int:
        """The account's limit with which the choice fits."""
        return self.limits.concurrent_executions + self.wanted - self.room

    def __str__(self) -> str:
        return (
            f"{self.setting} = {self.wanted} of the {self.of} is left out: AWS would accept at most"
            f" {max(0, self.room)}, because the account may run"
            f" {self.limits.concurrent_executions} at once in this region (measured on"
            f" {self.limits.measured_on}). Next: ask AWS for at least {self.needed_limit} (Service"
            " Quotas, AWS Lambda, Concurrent executions), measure again, deploy again"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionPlan:
    """A function of one region.

    `name` is empty where nobody outside knows the function and CloudFormation names it. `package`
    is the folder or file that becomes its code. `integration` is `module:Class` for our own
    package and none for another artifact. `reserved_concurrency` is none where the function
    shares the account's pool. `log_sample` is the share of good answers, 0 to 1, whose line is
    written, `log_trace` names those that are written besides.
    """

    name: str
    package: Path
    runtime: str
    handler: str
    integration: str | None
    environment: Mapping[str, str]
    architecture: str
    memory_mb: int
    timeout_seconds: int
    reserved_concurrency: int | None
    provisioned_concurrency: int
    snap_start: bool
    log_retention_days: int
    log_sample: float
    log_trace: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryPlan:
    """The queue of one region and the worker that drains it.

    `queued` names the message families that go through it, `overflowing` those that do when the
    integration takes longer than `overflow_ms` (behind the HTTP API, its own). `attempts` counts
    the tries of a message that fails for now; `max_receives` those over which the worker itself
    broke down.
    `redrive_receives` is when SQS moves a message on its own.
    """

    queued: tuple[FamilyName, ...]
    deduplicate: bool
    overflowing: tuple[FamilyName, ...]
    overflow_ms: int
    worker: FunctionPlan
    maximum_concurrency: int
    parallel: int
    attempts: int
    batch_size: int
    max_receives: int
    redrive_receives: int
    visibility_seconds: int
    retention_days: int
    dead_letter_retention_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpsPlan:
    """The HTTP API of one region, and the function behind it.

    `domain` is none where mParticle is given the API's own name.
    """

    function: FunctionPlan
    prefix: str
    requests_per_second: int
    burst: int
    overflow_ms: int
    domain: Domain | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointPlan:
    """What mParticle calls over one transport: the function that answers.

    `limit_ms` is what mParticle demands of its p99, in milliseconds.
    """

    transport: TransportName
    function: FunctionPlan
    limit_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionPlan:
    """Everything in one AWS region: the pods it serves and the stack they share.

    `name` is the deployment's, the prefix of every stack and function.
    `function` is deployed where mParticle invokes it, that is where `transports` has `lambda`;
    `https` is none where it has no `https`. `delivery` is none where nothing is queued. `limits` is
    what AWS was measured to allow, none where nobody measured; `left_out` is what was chosen beyond
    it. `complete` is false for the embedded AWS, which cannot deploy every resource.
    """

    name: str
    region: str
    pods: tuple[str, ...]
    account: str | None
    invoking_accounts: tuple[InvokingAccount, ...]
    stack_name: str
    termination_protection: bool
    complete: bool
    transports: tuple[TransportName, ...]
    function: FunctionPlan
    https: HttpsPlan | None
    delivery: DeliveryPlan | None
    rollout: Strategy
    traffic: Traffic
    limits: RegionLimits | None
    left_out: tuple[LeftOut, ...]
    alarms: AlarmRecipients
    tags: Mapping[str, str]

    @property
    def endpoints(self) -> tuple[EndpointPlan, ...]:
        """What mParticle waits for: the invoked function, the one behind the HTTP API."""
        invoked = EndpointPlan(transport="lambda", function=self.function, limit_ms=LAMBDA_P99_MS)
        planned = (invoked,) if "lambda" in self.transports else ()
        if self.https is None:
            return planned
        posted = EndpointPlan(
            transport="https", function=self.https.function, limit_ms=HTTPS_P99_MS
        )
        return (*planned, posted)

    @property
    def invoked(self) -> FunctionPlan | None:
        """The function that mParticle's accounts invoke; none with HTTPS alone."""
        return self.function if "lambda" in self.transports else None

    @property
    def service_urls(self) -> dict[str, str]:
        """Where the integration delivers to, by variable: each http(s) URL of its environment.

        Without what a URL may hide: a user, a query.
        """
        found = {name: _URL.match(value) for name, value in self.function.environment.items()}
        return {name: f"{url[1]}{url[2]}" for name, url in found.items() if url}

    @property
    def functions(self) -> tuple[FunctionPlan, ...]:
        """Every function of the region: the endpoints', then the worker's."""
        worker = (self.delivery.worker,) if self.delivery else ()
        return (*(endpoint.function for endpoint in self.endpoints), *worker)

    @property
    def queued(self) -> tuple[FamilyName, ...]:
        """The message families that go through the queue."""
        return self.delivery.queued if self.delivery else ()

    @property
    def overflowing(self) -> tuple[FamilyName, ...]:
        """The message families that are inline within a budget, and then go through the queue."""
        return self.delivery.overflowing if self.delivery else ()

    @property
    def unconfirmed_accounts(self) -> tuple[InvokingAccount, ...]:
        """The accounts whose use for Lambda still needs mParticle's word."""
        return tuple(account for account in self.invoking_accounts if not account.confirmed)
