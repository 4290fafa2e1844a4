"""What happens in a play, in its order: what the engine tells whoever counts or shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from local.service_calls import ServiceExchange
from probe.endpoint_answer import EndpointAnswer
from workbench.in_process_worker import WorkerTry
from workbench.play.played_message import PlayedCustomer, PlayedMessage

SendingOutcome = Literal["acknowledged", "refused", "repeated", "given up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageSent:
    """mParticle called the endpoint; `at` is in seconds after midnight, as in every record.

    `outcome`: `acknowledged`, `refused` for good by the integration, `repeated` later, or
    `given up`. `stored` tells whether an acknowledged message still has to be delivered, none
    where nobody can see it. `exchanges` are the calls of the partner's service meanwhile.
    """

    at: float
    message: PlayedMessage
    attempt: int
    answer: EndpointAnswer
    outcome: SendingOutcome
    stored: bool | None
    exchanges: Sequence[ServiceExchange] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageTried:
    """The worker tried a stored message."""

    at: float
    message: PlayedMessage
    tried: WorkerTry
    exchanges: Sequence[ServiceExchange] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageArrived:
    """The service had calls for a message; of an endpoint whose worker nobody can watch."""

    at: float
    message: PlayedMessage
    exchanges: Sequence[ServiceExchange] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWithheld:
    """mParticle did not send a membership change, because the audience is suspended."""

    at: float
    message: PlayedMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceSuspended:
    """mParticle stopped a customer's audiences: the endpoint asked for it, or never answered."""

    at: float
    customer: PlayedCustomer
    asked_for: bool
    resumed_at: float


MessageRecord = MessageSent | MessageTried | MessageArrived | MessageWithheld
"""What happened to one message."""
PlayRecord = MessageRecord | AudienceSuspended
