"""The partner's own HTTP service, and what its answers mean for a message."""

from __future__ import annotations

import json
from collections import deque
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from firehose import InvalidCredentials, RejectedMessage, RetryableError, Secret

TIMEOUT_SECONDS = 3.0
_TRY_AGAIN = frozenset({408, 409, 425, 429})


class PartnerApi:
    """Calls the service over connections that stay open; several threads may share it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._host = parts.netloc
        self._path = parts.path.rstrip("/")
        self._idle: deque[HTTPConnection] = deque()

    def send(self, path: str, *, key: Secret | None, message_id: str, content: object) -> None:
        """Post what a message is about; its id lets the service know a repetition.

        Raises `InvalidCredentials`, `RejectedMessage` or `RetryableError`, as the answer means.
        """
        body = json.dumps(content).encode()
        headers = {
            "Authorization": f"Bearer {key.reveal() if key else ''}",
            "Content-Type": "application/json",
            "Idempotency-Key": message_id,
        }
        try:
            status, retry_after = self._post(f"{self._path}{path}", body, headers)
        except (OSError, HTTPException) as error:
            raise RetryableError(f"the service cannot be reached: {type(error).__name__}") from None
        if status in {401, 403}:
            raise InvalidCredentials(f"the service answered {status}")
        if status in _TRY_AGAIN or status >= 500:
            raise RetryableError(f"the service answered {status}", retry_after_seconds=retry_after)
        if status >= 400:
            raise RejectedMessage(f"the service answered {status}")

    def close(self) -> None:
        """Close the connections that no call is using."""
        while self._idle:
            self._idle.popleft().close()

    def _post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, float | None]:
        while self._idle:
            connection = self._idle.popleft()
            try:
                return self._exchange(connection, path, body, headers)
            except (ConnectionError, HTTPException):
                connection.close()  # closed by the service while it was idle
        connection = self._connection(self._host, timeout=TIMEOUT_SECONDS)
        try:
            return self._exchange(connection, path, body, headers)
        except BaseException:
            connection.close()
            raise

    def _exchange(
        self, connection: HTTPConnection, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, float | None]:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        if response.will_close:
            connection.close()
        else:
            self._idle.append(connection)
        return response.status, _retry_after(response)


def _retry_after(response: HTTPResponse) -> float | None:
    """Read the seconds the service asks to wait; a date, which it may be too, is not used."""
    text = response.getheader("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() else None
