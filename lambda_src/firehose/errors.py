"""The exceptions of the protocol: what reading raises, and what an integration raises.

FirehoseError
├── InvalidMessage      decode: the input is not a message of the protocol (also a ValueError)
├── RetryableError      integration: a temporary failure; mParticle or the queue should try again
└── RejectedMessage     integration: this message can never succeed; trying again is pointless
    └── InvalidCredentials  the partner refuses the customer's credentials; audiences are suspended
"""

from __future__ import annotations

import re
from typing import TypeGuard

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_TYPE_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")


class FirehoseError(Exception):
    """Anything this package raises on purpose, apart from misuse (TypeError)."""


class InvalidMessage(FirehoseError, ValueError):
    """The input is not a message of the protocol.

    The text is safe to log: it names the place and the reason, never a value of the message.

    Attributes:
        reason: what is wrong, without any value.
        path: where, for example `$.events[3].type`; `$` is the message itself.
        message_id: the message's id, if it could be read and is a UUID.
        message_type: the message's type, if it could be read and looks like one.

    """

    def __init__(
        self,
        reason: str,
        *,
        path: str = "$",
        message_id: object = None,
        message_type: object = None,
    ) -> None:
        self.reason = reason
        self.path = path
        self.message_id = message_id.lower() if is_uuid(message_id) else None
        self.message_type = message_type if is_type_name(message_type) else None
        super().__init__(self._text())

    def _text(self) -> str:
        subject = " ".join(part for part in (self.message_type, self.message_id) if part)
        return f"{self.path}: {self.reason}" + (f" (in {subject})" if subject else "")


class RetryableError(FirehoseError):
    """A temporary failure: deliver the message again, after a pause if one is known."""

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class RejectedMessage(FirehoseError):
    """A permanent failure: the same message will never succeed."""


class InvalidCredentials(RejectedMessage):
    """The partner's service refuses the customer's credentials until the customer changes them.

    The answer to an audience message then suspends the subscription.
    """


is_lower_case_uuid = _UUID.fullmatch
"""Says whether a text is a GUID as this package writes them; asked for every message."""


def is_uuid(value: object) -> TypeGuard[str]:
    """Whether a value is text in the form of a GUID, in either case."""
    return isinstance(value, str) and is_lower_case_uuid(value.lower()) is not None


def is_type_name(value: object) -> TypeGuard[str]:
    """Whether a value is a short lower-case identifier, as all names of the protocol are."""
    return isinstance(value, str) and _TYPE_NAME.fullmatch(value) is not None
