"""One message of a played day: when it is due, whose it is, what it says."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from endpoint.http_request import MESSAGE_TYPES
from plan.delivery import FAMILIES, FamilyName
from plan.fields import TransportName
from probe.customer_settings import Settings
from probe.endpoint_answer import Json

PlayedFamily = FamilyName | Literal["checks"]
"""`checks` are what mParticle asks by itself: the registration, and whether the endpoint lives."""

FAMILY_OF: dict[str, PlayedFamily] = {
    kind: family for family in FAMILIES for kind in MESSAGE_TYPES[family]
}
"""The family of each type of message; those of no family are checks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedCustomer:
    """A customer of mParticle's in one pod, whose messages come over one transport.

    `settings` may be real ones and are never shown.
    """

    account_id: int
    pod: str
    transport: TransportName
    settings: Settings = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedMessage:
    """A message that is due `at` so many seconds after the day's midnight."""

    at: float
    customer: PlayedCustomer
    family: PlayedFamily
    content: Json = field(repr=False)

    @property
    def id(self) -> str:
        """The message's id, the same whenever it is sent again."""
        return str(self.content["id"])

    @property
    def type(self) -> str:
        """The message's type."""
        return str(self.content["type"])
