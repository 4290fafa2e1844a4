"""Calls of AWS are what botocore would send, signed as it signs, to where it sends them."""

from __future__ import annotations

from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import botocore.session
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials as BotocoreCredentials
from botocore.exceptions import ClientError
from botocore.parsers import create_parser
from botocore.retries.standard import ThrottledRetryableChecker, TransientRetryableChecker
from hypothesis import given
from hypothesis import strategies as st

from endpoint.aws import (
    PASSING_STATUSES,
    THROTTLING_CODES,
    TRANSIENT_CODES,
    JsonService,
    endpoint_url,
    error_code,
)
from endpoint.deduplication import DYNAMODB
from endpoint.signature import Credentials, signed_headers
from endpoint.sqs import SQS, Sqs
from endpoint.tokens import SECRETS_MANAGER
from firehose import Secret
from partner_http import Answer
from plan.mparticle import PODS
from tests.aws.checked_client import model
from tests.aws.loopback import Aws, served
from tests.endpoint.aws_calls import KEYS, MESSAGE, QUEUE, client_of

REGIONS = sorted({pod.region for pod in PODS.values()})
OF_THE_SDK_ONLY = {
    *("user-agent", "amz-sdk-invocation-id", "amz-sdk-request", "accept-encoding", "connection"),
    *("authorization", "x-amz-date"),
}


def botocore_client(name: str, url: str) -> Any:
    return botocore.session.Session().create_client(
        name,
        region_name="us-east-1",
        endpoint_url=url,
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        aws_session_token=KEYS["AWS_SESSION_TOKEN"],
    )


def test_sqs_receives_what_botocore_would_send() -> None:
    with served() as aws, closing(client_of(SQS, aws)) as client:
        done: dict[str, Any] = {"QueueUrl": QUEUE, "ReceiptHandle": "r"}
        with closing(botocore_client("sqs", aws.url)) as theirs:
            for sqs in (Sqs(client), theirs):
                sqs.send_message(**MESSAGE)
                sqs.delete_message(**done)

    assert_pairs_are_equal(aws)


def test_secrets_manager_receives_what_botocore_would_send() -> None:
    wanted = {"SecretId": "arn:aws:secretsmanager:x", "VersionStage": "AWSCURRENT"}
    with served() as aws, closing(client_of(SECRETS_MANAGER, aws)) as client:
        client.call("GetSecretValue", wanted)
        with closing(botocore_client("secretsmanager", aws.url)) as theirs:
            theirs.get_secret_value(**wanted)

    assert_pairs_are_equal(aws)


def assert_pairs_are_equal(aws: Aws) -> None:
    half = len(aws.requests) // 2
    ours, theirs = aws.requests[:half], aws.requests[half:]
    assert [without_the_sdk(request) for request in ours] == [
        without_the_sdk(request) for request in theirs
    ]
    for request in ours:
        assert signed_names(request) == signed_names(theirs[ours.index(request)])


def without_the_sdk(request: tuple[str, dict[str, str], bytes]) -> tuple[Any, ...]:
    path, headers, body = request
    left = {name: value for name, value in headers.items() if name not in OF_THE_SDK_ONLY}
    return path, left, body


def signed_names(request: tuple[str, dict[str, str], bytes]) -> str:
    return request[1]["authorization"].partition("SignedHeaders=")[2].partition(",")[0]


@given(
    body=st.binary(max_size=50),
    region=st.sampled_from(REGIONS),
    token=st.none() | st.text("abcXYZ019+/=", min_size=1),
    now=st.integers(1_500_000_000, 4_000_000_000),
    secret=st.text("abcXYZ019+/=", min_size=1),
)
def test_signature_is_botocores(
    body: bytes, region: str, token: str | None, now: int, secret: str
) -> None:
    headers = {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "AmazonSQS.SendMessage",
    }
    ours = signed_headers(
        {**headers, "host": f"sqs.{region}.amazonaws.com"},
        body,
        path="/",
        service="sqs",
        region=region,
        credentials=Credentials(
            key_id="AKIDEXAMPLE", secret=Secret(secret), token=Secret(token) if token else None
        ),
        now=now,
    )

    assert ours["authorization"] == botocores_authorization(
        headers, body, region=region, secret=secret, token=token, now=now
    )


def botocores_authorization(
    headers: dict[str, str], body: bytes, *, region: str, secret: str, token: str | None, now: int
) -> str:
    """Sign as botocore does, step by step, with a clock of our own."""
    auth = SigV4Auth(BotocoreCredentials("AKIDEXAMPLE", secret, token), "sqs", region)
    request = AWSRequest("POST", f"https://sqs.{region}.amazonaws.com/", headers, body)
    stamp = datetime.fromtimestamp(now, UTC).strftime("%Y%m%dT%H%M%SZ")
    request.context["timestamp"] = stamp
    request.headers["X-Amz-Date"] = stamp
    if token:
        request.headers["X-Amz-Security-Token"] = token
    text = auth.string_to_sign(request, auth.canonical_request(request))
    auth._inject_signature_to_request(request, auth.signature(text, request))  # type: ignore[attr-defined]
    return str(request.headers["Authorization"])


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize(
    "service", [SQS, SECRETS_MANAGER, DYNAMODB], ids=lambda service: service.id
)
def test_service_is_where_and_what_botocore_knows(service: JsonService, region: str) -> None:
    name = service.endpoint
    theirs = botocore.session.Session().create_client(
        name, region_name=region, aws_access_key_id="x", aws_secret_access_key="x"
    )
    metadata = model(name).metadata

    assert endpoint_url(service, {"AWS_REGION": region}) == theirs.meta.endpoint_url
    assert service.id == metadata["serviceId"]
    assert service.target == metadata["targetPrefix"]
    assert service.json_version == metadata["jsonVersion"]
    assert service.endpoint == metadata.get("signingName", metadata["endpointPrefix"])


@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (400, {}, b'{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"x"}'),
        (
            400,
            {"x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender"},
            b'{"__type":"com.amazonaws.sqs#QueueDoesNotExist"}',
        ),
        (400, {"x-amzn-query-error": "odd"}, b'{"__type":"OverLimit"}'),
        (400, {}, b'{"__type":"a.b#KmsDisabled:http://internal"}'),
        (503, {}, b"<html>busy</html>"),
        (500, {}, b""),
        (403, {}, b'{"message":"no type"}'),
    ],
)
def test_errors_have_the_names_that_botocore_gives(
    status: int, headers: dict[str, str], body: bytes
) -> None:
    operation = model("sqs").operation_model("SendMessage")
    answer: dict[str, Any] = {"status_code": status, "headers": headers, "body": body}
    parsed = create_parser("json").parse(answer, operation.output_shape)  # type: ignore[arg-type]

    assert (
        error_code(Answer(status, headers, body, is_whole=True))
        == ClientError(parsed, "x").response["Error"]["Code"]
    )


def test_codes_that_pass_are_those_of_botocore() -> None:
    throttling, transient = vars(ThrottledRetryableChecker), vars(TransientRetryableChecker)

    assert set(throttling["_THROTTLED_ERROR_CODES"]) == THROTTLING_CODES
    assert set(transient["_TRANSIENT_ERROR_CODES"]) - THROTTLING_CODES == TRANSIENT_CODES
    assert set(transient["_TRANSIENT_STATUS_CODES"]) == PASSING_STATUSES
