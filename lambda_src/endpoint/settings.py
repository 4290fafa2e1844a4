"""The environment contract: what the stacks write and the entry points read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from endpoint.sampling import Sampling

INTEGRATION_VARIABLE = "FIREHOSE_INTEGRATION"
QUEUED_VARIABLE = "FIREHOSE_QUEUED"
OVERFLOWING_VARIABLE = "FIREHOSE_OVERFLOWING"
OVERFLOW_MS_VARIABLE = "FIREHOSE_OVERFLOW_MS"
QUEUE_URL_VARIABLE = "FIREHOSE_QUEUE_URL"
DEAD_LETTER_QUEUE_URL_VARIABLE = "FIREHOSE_DEAD_LETTER_QUEUE_URL"
PARALLEL_VARIABLE = "FIREHOSE_PARALLEL"
ATTEMPTS_VARIABLE = "FIREHOSE_ATTEMPTS"
TOKEN_SECRET_VARIABLE = "FIREHOSE_TOKEN_SECRET"
MAX_RECEIVES_VARIABLE = "FIREHOSE_MAX_RECEIVES"
DELIVERED_TABLE_VARIABLE = "FIREHOSE_DELIVERED_TABLE"
CLAIM_SECONDS_VARIABLE = "FIREHOSE_CLAIM_SECONDS"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry point that mParticle calls is told by its environment.

    `integration` is `module:Class`. `queued` names the message families that go to `queue_url`,
    `overflowing` those that go there if the integration has not answered within `overflow_ms`;
    without any, there is no queue. `token_secret` is the ARN of the secret with mParticle's token;
    empty where mParticle invokes the function, which AWS authenticates.
    """

    integration: str
    queued: Sequence[str] = ()
    overflowing: Sequence[str] = ()
    overflow_ms: int = 0
    queue_url: str = ""
    token_secret: str = ""
    logs: Sampling = Sampling()

    @property
    def uses_queue(self) -> bool:
        """Whether something can come to the queue."""
        return bool(self.queued or self.overflowing)

    def to_environment(self) -> dict[str, str]:
        """Give the variables of the function."""
        variables = {INTEGRATION_VARIABLE: self.integration, **self.logs.to_environment()}
        if self.queued:
            variables[QUEUED_VARIABLE] = ",".join(self.queued)
        if self.overflowing:
            variables[OVERFLOWING_VARIABLE] = ",".join(self.overflowing)
            variables[OVERFLOW_MS_VARIABLE] = str(self.overflow_ms)
        if self.uses_queue:
            variables[QUEUE_URL_VARIABLE] = self.queue_url
        if self.token_secret:
            variables[TOKEN_SECRET_VARIABLE] = self.token_secret
        return variables

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Settings:
        """Read the variables back. Raises `LookupError` naming the one that is missing."""
        queued = _names(environment, QUEUED_VARIABLE)
        overflowing = _names(environment, OVERFLOWING_VARIABLE)
        uses_queue = queued or overflowing
        return cls(
            integration=_value(environment, INTEGRATION_VARIABLE),
            queued=queued,
            overflowing=overflowing,
            overflow_ms=int(_value(environment, OVERFLOW_MS_VARIABLE)) if overflowing else 0,
            queue_url=_value(environment, QUEUE_URL_VARIABLE) if uses_queue else "",
            token_secret=environment.get(TOKEN_SECRET_VARIABLE, ""),
            logs=Sampling.from_environment(environment),
        )


class WorkerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What the worker is told by its environment; the numbers are those of its plan.

    `delivered_table` names the table of what was delivered, empty where nothing is remembered;
    `claim_seconds` is how long a worker can be at one message.
    """

    integration: str
    queue_url: str
    dead_letter_queue_url: str
    parallel: int
    attempts: int
    max_receives: int
    delivered_table: str = ""
    claim_seconds: int = 0
    logs: Sampling = Sampling()

    def to_environment(self) -> dict[str, str]:
        """Give the variables of the worker."""
        remembers = {
            DELIVERED_TABLE_VARIABLE: self.delivered_table,
            CLAIM_SECONDS_VARIABLE: str(self.claim_seconds),
        }
        optional = self.logs.to_environment() | (remembers if self.delivered_table else {})
        return optional | {
            INTEGRATION_VARIABLE: self.integration,
            QUEUE_URL_VARIABLE: self.queue_url,
            DEAD_LETTER_QUEUE_URL_VARIABLE: self.dead_letter_queue_url,
            PARALLEL_VARIABLE: str(self.parallel),
            ATTEMPTS_VARIABLE: str(self.attempts),
            MAX_RECEIVES_VARIABLE: str(self.max_receives),
        }

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> WorkerSettings:
        """Read the variables back. Raises `LookupError` naming the one that is missing."""
        return cls(
            integration=_value(environment, INTEGRATION_VARIABLE),
            queue_url=_value(environment, QUEUE_URL_VARIABLE),
            dead_letter_queue_url=_value(environment, DEAD_LETTER_QUEUE_URL_VARIABLE),
            parallel=int(_value(environment, PARALLEL_VARIABLE)),
            attempts=int(_value(environment, ATTEMPTS_VARIABLE)),
            max_receives=int(_value(environment, MAX_RECEIVES_VARIABLE)),
            delivered_table=environment.get(DELIVERED_TABLE_VARIABLE, ""),
            claim_seconds=int(environment.get(CLAIM_SECONDS_VARIABLE, "0")),
            logs=Sampling.from_environment(environment),
        )


def _names(environment: Mapping[str, str], variable: str) -> tuple[str, ...]:
    names = environment.get(variable, "")
    return tuple(names.split(",")) if names else ()


def _value(environment: Mapping[str, str], variable: str) -> str:
    try:
        return environment[variable]
    except KeyError:
        raise LookupError(f"the function has no environment variable {variable!r}") from None
