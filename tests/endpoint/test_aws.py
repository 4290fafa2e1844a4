"""Calls of AWS: what botocore would send, signed as it would sign, and read as it would read."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
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
    AwsClient,
    AwsError,
    JsonService,
    endpoint_url,
    error_code,
)
from endpoint.credentials import CONTAINER_VARIABLE, chain, credentials_from
from endpoint.signature import Credentials, signed_headers
from endpoint.sqs import SQS, Sqs
from endpoint.tokens import SECRETS_MANAGER
from firehose import Secret
from partner_http import Answer
from plan.mparticle import PODS
from tests.endpoint.aws_answers import model

QUEUE = "https://sqs.us-east-1.amazonaws.com/111122223333/queue"
REGIONS = sorted({pod.region for pod in PODS.values()})
MESSAGE: dict[str, Any] = {
    "QueueUrl": QUEUE,
    "MessageBody": '{"name":"ünïcode \U0001f600"}',
    "MessageGroupId": "1001",
    "MessageAttributes": {"attempt": {"DataType": "Number", "StringValue": "5"}},
    "DelaySeconds": 900,
}
KEYS = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "canary-secret",
    "AWS_SESSION_TOKEN": "canary-token",
}
ENVIRONMENT = {"AWS_REGION": "us-east-1", **KEYS}
OF_THE_SDK_ONLY = {
    *("user-agent", "amz-sdk-invocation-id", "amz-sdk-request", "accept-encoding", "connection"),
    *("authorization", "x-amz-date"),
}


@pytest.fixture(autouse=True)
def new_process() -> Iterator[None]:
    """Forget the credentials that botocore found."""
    chain.cache_clear()
    yield
    chain.cache_clear()


class Aws:
    """A service on loopback: remembers requests, gives its answers in turn, then the last one."""

    def __init__(self, answers: Sequence[tuple[int, bytes]]) -> None:
        self.answers = list(answers)
        self.requests: list[tuple[str, dict[str, str], bytes]] = []
        aws = self

        class Call(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.do_POST()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                aws.requests.append((self.path, headers, body))
                status, answer = aws.answers[min(len(aws.requests), len(aws.answers)) - 1]
                self.send_response(status)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_request(self, *_: Any) -> None:
                """Keep quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Call)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"


@contextmanager
def served(*answers: tuple[int, bytes]) -> Iterator[Aws]:
    aws = Aws(answers or [(200, b"{}")])
    threading.Thread(target=aws.server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield aws
    finally:
        aws.server.shutdown()
        aws.server.server_close()


def client_of(service: JsonService, aws: Aws) -> AwsClient:
    return AwsClient(service, ENVIRONMENT | {"AWS_ENDPOINT_URL": aws.url})


def ask(aws: Aws) -> dict[str, Any]:
    with closing(client_of(SQS, aws)) as client:
        return client.call("SendMessage", MESSAGE)


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
@pytest.mark.parametrize("service", [SQS, SECRETS_MANAGER], ids=lambda service: service.id)
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


def test_environment_says_where_a_service_is_instead() -> None:
    everything = {"AWS_REGION": "us-east-1", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"}

    assert endpoint_url(SQS, everything) == "http://127.0.0.1:1"
    assert endpoint_url(SQS, everything | {"AWS_ENDPOINT_URL_SQS": "http://127.0.0.1:2"}) == (
        "http://127.0.0.1:2"
    )
    own = {"AWS_ENDPOINT_URL_SECRETS_MANAGER": "http://127.0.0.1:3"}
    assert endpoint_url(SECRETS_MANAGER, everything | own) == "http://127.0.0.1:3"


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


def test_failure_that_may_pass_is_tried_once_more_over_the_kept_connection() -> None:
    with served((503, b""), (200, b'{"MessageId":"m"}')) as aws:
        assert ask(aws) == {"MessageId": "m"}

    assert len(aws.requests) == 2


def test_failure_that_stays_is_not_tried_again_and_quotes_nothing() -> None:
    body = json.dumps({"__type": "x#AccessDenied", "message": "canary-secret"}).encode()
    with served((400, body)) as aws, pytest.raises(AwsError) as caught:
        ask(aws)

    assert len(aws.requests) == 1
    assert (str(caught.value), caught.value.code) == ("AccessDenied", "AccessDenied")


def test_failure_is_tried_twice_in_all() -> None:
    with served((500, b'{"__type":"x#InternalFailure"}')) as aws, pytest.raises(AwsError) as caught:
        ask(aws)

    assert (len(aws.requests), caught.value.code) == (2, "InternalFailure")


def test_renewed_credentials_are_used_by_the_next_call() -> None:
    with served() as aws:
        environment = ENVIRONMENT | {"AWS_ENDPOINT_URL": aws.url}
        with closing(AwsClient(SQS, environment)) as client:
            client.call("SendMessage", MESSAGE)
            environment |= {"AWS_ACCESS_KEY_ID": "AKIDRENEWED", "AWS_SESSION_TOKEN": "newer"}
            client.call("SendMessage", MESSAGE)

    first, second = (headers for _, headers, _ in aws.requests)
    assert "AKIDEXAMPLE" in first["authorization"]
    assert "AKIDRENEWED" in second["authorization"]
    assert second["x-amz-security-token"] == "newer"


def test_credentials_show_no_secret() -> None:
    assert "canary" not in repr(credentials_from(KEYS))


def test_service_without_https_is_refused_unless_it_is_on_this_machine() -> None:
    with pytest.raises(ValueError, match="https"):
        AwsClient(SQS, ENVIRONMENT | {"AWS_ENDPOINT_URL": "http://sqs.example"})


def test_function_with_snap_start_has_the_credentials_of_its_container(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = {"AccessKeyId": "AKIDCONTAINER", "SecretAccessKey": "canary-secret", "Token": "t"}
    with served((200, json.dumps(body | {"Expiration": "2099-01-01T00:00:00Z"}).encode())) as aws:
        variables = {CONTAINER_VARIABLE: aws.url, "AWS_EC2_METADATA_DISABLED": "true"}
        for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
            variables[name] = str(tmp_path / "none")
        for name in (*KEYS, "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

        found = credentials_from(os.environ)

    assert (found.key_id, found.token) == ("AKIDCONTAINER", Secret("t"))
    assert [headers["host"] for _, headers, _ in aws.requests]


def test_call_without_credentials_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    for name in (*KEYS, "AWS_PROFILE", CONTAINER_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = AwsClient(SQS, {"AWS_REGION": "us-east-1"})

    with pytest.raises(AwsError, match=r"^NoCredentialsError$"):
        client.call("SendMessage", MESSAGE)
