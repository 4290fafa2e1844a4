"""Acme's service: how it is called, and what its answers mean."""

from __future__ import annotations

import json
import time
from decimal import Decimal

import msgspec

from firehose import (
    InvalidCredentials,
    RejectedMessage,
    RetryableError,
    Secret,
    remaining_seconds,
)
from partner_http import Answer, Connections

LONGEST_SECONDS = 3.0
"""For a whole call; whoever still waits then would rather try again."""
ANSWERING_SECONDS = 0.25
"""What is kept of the time that is left, though at most a tenth of it, to say what became of the
message."""

LONGEST_WAIT_SECONDS = 86_400.0
"""What a service can ask for; whoever tries again has a limit of its own, mostly a shorter one."""

_PASSING = frozenset({408, 409, 425, 429})
"""Client errors that say something about the moment; all others about the message."""


class PartnerApi:
    """The service at one base URL; several threads may share it."""

    def __init__(self, url: str) -> None:
        self._connections = Connections(url)

    def send(
        self, path: str, content: object, *, key: Secret | None, idempotency_key: str
    ) -> bytes:
        """Post once what a message is about; give the answer's body.

        Raises `InvalidCredentials`, `RejectedMessage` or `RetryableError`, as the answer means, the
        last also for no answer and for no time to ask. Their texts hold nothing of the message.
        """
        left = remaining_seconds()
        seconds = min(LONGEST_SECONDS, left - min(ANSWERING_SECONDS, left / 10))
        if seconds <= 0:
            raise RetryableError("no time is left to call the service")
        headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency_key}
        if key:
            headers["Authorization"] = f"Bearer {_sendable(key)}"
        try:
            answer = self._connections.request(
                "POST", path, headers=headers, body=written(content), seconds=seconds
            )
        except OSError as error:
            # Without its text and `from`, which may quote what was sent.
            raise RetryableError(f"no answer of the service: {type(error).__name__}") from None
        return _taken(answer)

    def close(self) -> None:
        """Close the connections at rest; a process that ends need not."""
        self._connections.close()


def _plain(value: object) -> str | float:
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"cannot write {type(value).__name__}")


_encoder = msgspec.json.Encoder(enc_hook=_plain, decimal_format="number")


def written(content: object) -> bytes:
    """Write a body, in which secrets are revealed."""
    try:
        return _encoder.encode(content)
    except UnicodeEncodeError:
        # Half of an emoji, as apps cut texts: escaped, JSON can carry it.
        return json.dumps(content, default=_plain).encode()


def _sendable(key: Secret) -> str:
    """Give the key's text. A line break or a letter outside ASCII is in no key that was issued."""
    text = key.reveal()
    if text.isascii() and text.isprintable():
        return text
    raise InvalidCredentials("the key has characters that no header can carry")


def _taken(answer: Answer) -> bytes:
    """Give the body of an answer that means success; raise what any other one means."""
    status = answer.status
    if 200 <= status < 300:
        return answer.body
    text = f"the service answered {status}"
    if status in {401, 403}:
        raise InvalidCredentials(text)
    if 400 <= status < 500 and status not in _PASSING:
        raise RejectedMessage(text)
    # A redirect too: the base URL has to be mended, and until then nothing is lost.
    raise RetryableError(
        text, retry_after_seconds=_seconds_to_wait(answer.headers.get("retry-after", ""))
    )


def _seconds_to_wait(text: str) -> float | None:
    """Read `Retry-After`: seconds or a date (RFC 9110, 10.2.3). None for anything else."""
    if text.isascii() and text.isdigit():
        seconds = float(text)
    else:
        from email.utils import parsedate_to_datetime  # noqa: PLC0415 - rarely needed, slow to load

        try:
            seconds = parsedate_to_datetime(text).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    return min(max(0.0, seconds), LONGEST_WAIT_SECONDS)
