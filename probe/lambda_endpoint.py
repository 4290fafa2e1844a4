"""A function that mParticle invokes, by its ARN."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal

from probe.endpoint_answer import Body, EndpointAnswer, as_bytes, parsed, shortened
from probe.open_loop_load import MOST_AT_ONCE

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_lambda import LambdaClient

_SECONDS = 60
_THROTTLES = frozenset({"TooManyRequestsException", "ThrottlingException"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LambdaEndpoint:
    """An alias, invoked over connections that stay open, without retries, as mParticle's are."""

    name: str
    arn: str
    client: LambdaClient = field(repr=False)
    transport: Literal["lambda"] = "lambda"

    @classmethod
    def of(cls, session: Session, arn: str, *, name: str) -> LambdaEndpoint:
        """Make the client for an ARN in the session's region."""
        from botocore.config import Config  # noqa: PLC0415 - see cloud.regions

        client = session.client(
            "lambda",
            config=Config(
                max_pool_connections=MOST_AT_ONCE,
                retries={"mode": "standard", "total_max_attempts": 1},
                read_timeout=_SECONDS,
            ),
        )
        return cls(name=name, arn=arn, client=client)

    def serves(self, message_type: str) -> bool:
        """Say yes: AWS decides who may invoke."""
        return True

    def send(self, body: Body, *, message_type: str) -> EndpointAnswer:
        """Invoke it once. What AWS refuses raises botocore's errors, but for throttling."""
        payload = as_bytes(body)
        started = time.perf_counter()
        try:
            response = self.client.invoke(FunctionName=self.arn, Payload=payload)
            content = parsed(response["Payload"].read())
        except self.client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] not in _THROTTLES:
                raise
            milliseconds = (time.perf_counter() - started) * 1000
            status = int(HTTPStatus.TOO_MANY_REQUESTS)
            return EndpointAnswer(status=status, content=None, milliseconds=milliseconds)
        return EndpointAnswer(
            status=response["StatusCode"],
            content=content,
            milliseconds=(time.perf_counter() - started) * 1000,
            error=_error_text(content) if response.get("FunctionError") else None,
        )


def _error_text(content: object) -> str:
    if not isinstance(content, dict):
        return "without an error"
    return shortened(f"{content.get('errorType')}: {content.get('errorMessage')}")
