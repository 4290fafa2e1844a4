"""One call after another to an endpoint, over connections that stay open, as mParticle's do."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ops.proof.https_endpoint import HttpsEndpoint, path_of
from ops.proof.latency import Outcome
from ops.proof.load import MOST_AT_ONCE
from ops.proof.probes import Probe

if TYPE_CHECKING:
    from boto3.session import Session

_SECONDS = 30
_THROTTLES = frozenset({"TooManyRequestsException", "ThrottlingException"})


def lambda_caller(session: Session, arn: str, probe: Callable[[], Probe]) -> Callable[[], Outcome]:
    """Give what invokes an alias once, without retries, each time with a fresh message."""
    from botocore.config import Config  # noqa: PLC0415 - see ops.aws
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see ops.aws

    client = session.client(
        "lambda",
        config=Config(
            max_pool_connections=MOST_AT_ONCE,
            retries={"mode": "standard", "total_max_attempts": 1},
            read_timeout=_SECONDS,
        ),
    )

    def call() -> Outcome:
        message = probe()
        try:
            answer = client.invoke(FunctionName=arn, Payload=json.dumps(message.request).encode())
            body = json.loads(answer["Payload"].read())
        except ClientError as error:
            throttled = error.response["Error"]["Code"] in _THROTTLES
            return "throttled" if throttled else "failed"
        except (BotoCoreError, ValueError):
            return "failed"
        right = not answer.get("FunctionError") and message.problem_of(body) is None
        return "answered" if right else "failed"

    return call


def https_caller(endpoint: HttpsEndpoint, probe: Callable[[], Probe]) -> Callable[[], Outcome]:
    """Give what posts once to a URL, each thread over a connection of its own."""
    kept = threading.local()
    parts = urlsplit(endpoint.called)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection

    def call() -> Outcome:
        message = probe()
        connection = getattr(kept, "connection", None) or kind(parts.netloc, timeout=_SECONDS)
        kept.connection = connection
        try:
            connection.request(
                "POST",
                f"{parts.path}/{path_of(message)}",
                json.dumps(message.request),
                endpoint.headers_for(message),
            )
            response = connection.getresponse()
            body = json.loads(response.read())
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            return "failed"
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            return "throttled"
        right = response.status == HTTPStatus.OK and message.problem_of(body) is None
        return "answered" if right else "failed"

    return call
