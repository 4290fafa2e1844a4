"""Calls of AWS services that speak JSON, for which mParticle waits: docs/adr/0014."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from endpoint.credentials import NoCredentialsError, credentials_from, prepare_credentials
from endpoint.signature import signed_headers
from partner_http import Answer, Connections

CONNECT_SECONDS = 0.2
READ_SECONDS = 0.4
ATTEMPTS = 2
LONGEST_PAUSE_SECONDS = 0.05
"""Before a call is tried again; so that the worst one ends within 1.3 seconds."""
IDLE_SECONDS = 60.0
"""How long a connection may rest, as in the AWS SDK for Java; one that AWS closed is noticed."""

PASSING_STATUSES = frozenset({500, 502, 503, 504})
TRANSIENT_CODES = frozenset({"RequestTimeout", "RequestTimeoutException"})
THROTTLING_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""All as botocore's standard retry mode has them; a test holds them to it."""
_PASSING_CODES = TRANSIENT_CODES | THROTTLING_CODES
_pause = random.SystemRandom().uniform


class AwsError(Exception):
    """A call failed. `code` is the service's own, or names what kept us from its answer.

    Nothing else of the request or the answer is in it. What `passes` is worth another try.
    """

    def __init__(self, code: str, *, passes: bool = False) -> None:
        self.code = code
        self.passes = passes
        super().__init__(code)


class JsonService(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between services that speak JSON: botocore's models say it too.

    `endpoint` starts the host's name and is what a signature is for.
    """

    id: str
    endpoint: str
    target: str
    json_version: str
    headers: Mapping[str, str] = {}


class AwsClient:
    """One service in the function's region, over connections that stay; threads may share it.

    `environment` is the process's own, from which each call takes the credentials it has then.
    `AWS_ENDPOINT_URL`, alone or with the service's name, says where the service is instead.
    """

    def __init__(
        self,
        service: JsonService,
        environment: Mapping[str, str],
        *,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        self._environment = environment
        self._region = environment["AWS_REGION"]
        self._clock = clock
        self._connections = Connections(
            endpoint_url(service, environment),
            connect_seconds=CONNECT_SECONDS,
            idle_seconds=IDLE_SECONDS,
        )
        prepare_credentials(environment)

    def call(self, operation: str, content: Mapping[str, object]) -> dict[str, Any]:
        """Do one operation; what fails for the moment is tried once more. Raises `AwsError`.

        The second try may repeat what the first one did, as that of every AWS SDK may.
        """
        body = json.dumps(content).encode()
        for _ in range(ATTEMPTS - 1):
            try:
                return self._tried(operation, body)
            except AwsError as error:
                if not error.passes:
                    raise
            time.sleep(_pause(0, LONGEST_PAUSE_SECONDS))
        return self._tried(operation, body)

    def close(self) -> None:
        """Close the connections at rest; a process that ends need not."""
        self._connections.close()

    def _tried(self, operation: str, body: bytes) -> dict[str, Any]:
        try:
            headers = self._headers(operation, body)
            answer = self._connections.request(
                "POST", "/", headers=headers, body=body, seconds=CONNECT_SECONDS + READ_SECONDS
            )
        except OSError as error:
            raise AwsError(type(error).__name__, passes=True) from None
        except NoCredentialsError as error:
            raise AwsError(error.code) from None
        content = _json(answer)
        if answer.status == 200 and content is not None:
            return content
        code = error_code(answer)
        raise AwsError(code, passes=answer.status in PASSING_STATUSES or code in _PASSING_CODES)

    def _headers(self, operation: str, body: bytes) -> dict[str, str]:
        headers = {
            "host": self._connections.authority,
            "content-type": f"application/x-amz-json-{self._service.json_version}",
            "x-amz-target": f"{self._service.target}.{operation}",
            **self._service.headers,
        }
        signed = signed_headers(
            headers,
            body,
            path=f"{self._connections.path}/",
            service=self._service.endpoint,
            region=self._region,
            credentials=credentials_from(self._environment),
            now=self._clock(),
        )
        del signed["host"]  # the connection writes it
        return signed


def endpoint_url(service: JsonService, environment: Mapping[str, str]) -> str:
    """Say where a service is: where the environment says, else where it is in this region."""
    own = f"AWS_ENDPOINT_URL_{service.id.upper().replace(' ', '_')}"
    return (
        environment.get(own)
        or environment.get("AWS_ENDPOINT_URL")
        or f"https://{service.endpoint}.{environment['AWS_REGION']}.amazonaws.com"
    )


def error_code(answer: Answer) -> str:
    """Name the error of an answer that is one, as botocore does; its text is never read."""
    code, semicolon, _ = answer.headers.get("x-amzn-query-error", "").partition(";")
    if code and semicolon:
        return code
    kind = (_json(answer) or {}).get("__type")
    if not isinstance(kind, str):
        return str(answer.status)
    return kind.partition(":")[0].rpartition("#")[2]


def _json(answer: Answer) -> dict[str, Any] | None:
    """Read an object; an empty body is an empty one."""
    try:
        content = msgspec.json.decode(answer.body or b"{}")
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return content if isinstance(content, dict) else None
