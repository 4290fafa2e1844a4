"""What API Gateway hands over: read with suspicion, refused with a status and a reason."""

from __future__ import annotations

import base64
from typing import Any

import msgspec

from endpoint.acceptance import LARGEST_BYTES

OPEN_PATH = "registration"
MESSAGE_TYPES: dict[str, frozenset[str]] = {
    OPEN_PATH: frozenset({"module_registration_request"}),
    "events": frozenset({"event_processing_request"}),
    "audiences": frozenset({"audience_subscription_request", "audience_membership_change_request"}),
    "dsr": frozenset({"dsr_processing_request"}),
}
"""The last part of each path that mParticle posts to, and what it posts there."""
LARGEST_OPEN_BYTES = 8_192
"""What the open path takes from anybody; a registration request has some 200 bytes."""


def largest_bytes(path: str) -> int:
    """Say how large a body one of the paths takes."""
    return LARGEST_OPEN_BYTES if path == OPEN_PATH else LARGEST_BYTES


class HttpRefusal(Exception):  # noqa: N818 - a decision, not an error of ours
    """What a request is answered instead of a response; `reason` holds nothing of it.

    `message_id` is the message's, if it is known; `retry_after` says when to come again, in
    seconds; `hint` is for the log, in place of the reason.
    """

    def __init__(
        self,
        status: int,
        reason: str,
        *,
        message_id: str | None = None,
        retry_after: int | None = None,
        hint: str | None = None,
    ) -> None:
        self.status = status
        self.reason = reason
        self.message_id = message_id
        self.retry_after = retry_after
        self.hint = hint
        super().__init__(reason)


class HttpRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A request to one of the paths; header names are in lower case."""

    path: str
    headers: dict[str, str]
    body: str
    is_base64: bool

    @classmethod
    def from_event(cls, event: dict[str, Any]) -> HttpRequest:
        """Read an event in payload format 2.0. Raises `HttpRefusal` for another route."""
        method, _, path = str(event.get("routeKey")).partition(" ")
        path = path.rpartition("/")[2]
        if path not in MESSAGE_TYPES:
            raise HttpRefusal(404, "no such path")
        if method != "POST":
            raise HttpRefusal(405, "only POST is answered here")
        return cls(
            path=path,
            headers={name.lower(): value for name, value in (event.get("headers") or {}).items()},
            body=event.get("body") or "",
            is_base64=bool(event.get("isBase64Encoded")),
        )

    def token(self) -> str | None:
        """Give the token of `Authorization: Token <token>`; none if there is not exactly one."""
        scheme, _, token = self.headers.get("authorization", "").strip().partition(" ")
        token = token.strip()
        # API Gateway joins repeated headers with a comma
        if scheme.lower() != "token" or not token or set(token) & set(", "):
            return None
        return token

    @property
    def types(self) -> frozenset[str]:
        """The message types that belong to this path."""
        return MESSAGE_TYPES[self.path]

    def content(self) -> bytes:
        """Give the body, which should be a message. Raises `HttpRefusal` when it cannot be one."""
        content_type = self.headers.get("content-type", "application/json")
        media_type = content_type.partition(";")[0].strip().lower()
        if not media_type.endswith(("/json", "+json")):
            raise HttpRefusal(400, "the content type is not JSON")
        if self.headers.get("content-encoding", "identity").lower() != "identity":
            raise HttpRefusal(400, "the body is compressed")
        content = self._bytes()
        if not content:
            raise HttpRefusal(400, "there is no body")
        if len(content) > (largest := largest_bytes(self.path)):
            raise HttpRefusal(413, f"the body has more than {largest} bytes")
        return content

    def _bytes(self) -> bytes:
        try:
            if not self.is_base64:
                return self.body.encode()
            content = base64.b64decode(self.body, validate=True)
            text = content.decode()
        except ValueError:  # of base64 and of UTF-8 alike
            raise HttpRefusal(400, "the body is not text in UTF-8") from None
        if "\0" in text:  # no JSON has it, but UTF-16 that happens to be UTF-8 too
            raise HttpRefusal(400, "the body is not text in UTF-8")
        return content
