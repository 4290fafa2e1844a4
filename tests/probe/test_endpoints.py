"""Calling a function and a URL: what comes back, in one form."""

from __future__ import annotations

import io
import json

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from console.exit_codes import CommandError
from local.service_calls import Behaviour
from local.stand_in import StandIn
from probe.https_endpoint import HttpsEndpoint
from probe.lambda_endpoint import LambdaEndpoint

ARN = "arn:aws:lambda:eu-central-1:111122223333:function:acme-firehose:production"
BATCH = "event_processing_request"
TOKEN = "sesame"


@pytest.fixture
def function() -> LambdaEndpoint:
    session = boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="eu-central-1"
    )
    return LambdaEndpoint.of(session, ARN, name="eu-central-1")


def url(partner: StandIn, token: str | None = TOKEN) -> HttpsEndpoint:
    base = f"{partner.url}/firehose"
    return HttpsEndpoint(name="eu", given=base, called=base, token=token)


def answered(payload: object, **more: object) -> dict[str, object]:
    body = json.dumps(payload).encode()
    return {"StatusCode": 200, "Payload": StreamingBody(io.BytesIO(body), len(body)), **more}


def test_function_answers_with_its_content(function: LambdaEndpoint) -> None:
    with Stubber(function.client) as stub:
        stub.add_response(
            "invoke", answered({"id": "1"}), {"FunctionName": ARN, "Payload": b'{"a":1}'}
        )
        answer = function.send({"a": 1}, message_type=BATCH)

    assert (answer.is_success, answer.content, answer.error) == (True, {"id": "1"}, None)


def test_error_of_a_function_is_named_with_its_text(function: LambdaEndpoint) -> None:
    error = {"errorType": "InvalidMessage", "errorMessage": "$.type: is missing"}
    with Stubber(function.client) as stub:
        stub.add_response("invoke", answered(error, FunctionError="Unhandled"))
        answer = function.send(b"{}", message_type=BATCH)

    assert not answer.is_success
    assert not answer.died
    assert answer.error == "InvalidMessage: $.type: is missing"


def test_throttled_function_is_429_and_what_aws_refuses_is_raised(
    function: LambdaEndpoint,
) -> None:
    with Stubber(function.client) as stub:
        stub.add_client_error("invoke", "TooManyRequestsException", http_status_code=429)
        stub.add_client_error("invoke", "AccessDeniedException", http_status_code=403)
        throttled = function.send({}, message_type=BATCH)
        with pytest.raises(ClientError):
            function.send({}, message_type=BATCH)

    assert throttled.is_throttled
    assert not throttled.is_success


def test_url_gets_the_path_of_the_type_and_the_token_but_for_registration(
    partner: StandIn,
) -> None:
    endpoint = url(partner)

    endpoint.send({"id": "1"}, message_type=BATCH)
    endpoint.send({"id": "2"}, message_type="module_registration_request")

    batch, registration = partner.received
    assert (batch.path, batch.headers["authorization"]) == ("/firehose/events", "Token sesame")
    assert registration.path == "/firehose/registration"
    assert "authorization" not in registration.headers
    assert "sesame" not in repr(endpoint)


def test_url_without_a_token_serves_registration_only(partner: StandIn) -> None:
    endpoint = url(partner, token=None)

    assert endpoint.serves("module_registration_request")
    assert not endpoint.serves(BATCH)


@pytest.mark.parametrize(
    ("status", "body", "content"), [(413, b'{"error": "x"}', {"error": "x"}), (502, b"<p>", None)]
)
def test_status_and_body_of_a_url_are_given_as_they_are(
    partner: StandIn, status: int, body: bytes, content: object
) -> None:
    partner.choose = lambda _call: Behaviour(status=status, body=body)

    answer = url(partner).send({}, message_type=BATCH)

    assert (answer.status, answer.content, answer.is_success) == (status, content, False)
    assert str(status) in str(answer)


def test_connection_that_was_closed_meanwhile_is_made_anew(partner: StandIn) -> None:
    endpoint = url(partner)
    endpoint.send({"id": "1"}, message_type=BATCH)
    with partner.away(), pytest.raises(CommandError, match="cannot be reached"):
        endpoint.send({"id": "2"}, message_type=BATCH)

    endpoint.send({"id": "3"}, message_type=BATCH)

    assert partner.delivered == {"1": 1, "3": 1}
