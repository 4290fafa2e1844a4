"""AWS's Signature Version 4 of a POST: docs.aws.amazon.com/IAM/latest/UserGuide, SigV4.

Why no library signs here, and what holds this to botocore's signature: docs/adr/0014.
"""

from __future__ import annotations

import hmac
import time
from collections.abc import Mapping
from hashlib import sha256

import msgspec

from firehose import Secret


class Credentials(msgspec.Struct, frozen=True, kw_only=True):
    """An access key; temporary ones, as Lambda has, come with a session token."""

    key_id: str
    secret: Secret
    token: Secret | None = None


def signed_headers(
    headers: Mapping[str, str],
    body: bytes,
    *,
    path: str,
    service: str,
    region: str,
    credentials: Credentials,
    now: float,
) -> dict[str, str]:
    """Give a request's headers with those that prove who sends it, and when.

    `headers` have names in lower case, the host's among them, and values without spaces around.
    `path` has no character that URLs escape. `now` is in seconds since the epoch; AWS refuses a
    time that is 5 minutes off.
    """
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    signed = {**headers, "x-amz-date": stamp}
    if credentials.token:
        signed["x-amz-security-token"] = credentials.token.reveal()
    names = ";".join(sorted(signed))
    lines = [
        *("POST", path, ""),
        *(f"{name}:{signed[name]}" for name in sorted(signed)),
        *("", names, sha256(body).hexdigest()),
    ]
    scope = (stamp[:8], region, service, "aws4_request")
    request = sha256("\n".join(lines).encode()).hexdigest()
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, "/".join(scope), request])
    key = f"AWS4{credentials.secret.reveal()}".encode()
    for part in (*scope, text):
        key = hmac.digest(key, part.encode(), "sha256")
    signed["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{'/'.join(scope)}, "
        f"SignedHeaders={names}, Signature={key.hex()}"
    )
    return signed
