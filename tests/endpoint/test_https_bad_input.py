"""What is not a message of mParticle's: its status, a JSON body, and nothing queued."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.acceptance import LARGEST_BYTES
from endpoint.front_door import FrontDoor
from endpoint.http_request import LARGEST_OPEN_BYTES, HttpRefusal
from tests.aws.endpoint_secret import Secret
from tests.aws.endpoint_sqs import Sqs
from tests.endpoint.http_events import (
    CANARY,
    MEMBERSHIP,
    REGISTRATION,
    TOKEN,
    answered,
    headers,
    posted,
)
from tests.endpoint.taker import Taker

BAD_INPUT = {
    "no body": (posted(None), 400),
    "empty body": (posted(""), 400),
    "not JSON": (posted(f"user={CANARY}"), 400),
    "half of a JSON text": (posted(MEMBERSHIP[:-5]), 400),
    "JSON array": (posted("[]"), 400),
    "unknown type": (posted(json.dumps({"type": "x", "id": CANARY})), 400),
    "a response": (posted(json.dumps({"type": "event_processing_response"})), 400),
    "wrong content type": (posted(MEMBERSHIP, headers=headers(content_type="text/plain")), 400),
    "wrong path": (posted(MEMBERSHIP, path="nowhere"), 404),
    "default route": (posted(MEMBERSHIP, routeKey="$default"), 404),
    "wrong method": (posted(MEMBERSHIP, routeKey="PUT /firehose/audiences"), 405),
    "5 MB body": (posted(json.dumps({"a": "x" * 5_000_000})), 413),
    "one byte too many": (posted("x" * (LARGEST_BYTES + 1)), 413),
    "gzip body": (
        posted(
            base64.b64encode(gzip.compress(MEMBERSHIP.encode())).decode(),
            isBase64Encoded=True,
            headers=headers(content_encoding="gzip"),
        ),
        400,
    ),
    "gzip body that does not say so": (
        posted(base64.b64encode(gzip.compress(MEMBERSHIP.encode())).decode(), isBase64Encoded=True),
        400,
    ),
    "base64 that is none": (posted("%%%", isBase64Encoded=True), 400),
    "UTF-16 body": (
        posted(base64.b64encode(MEMBERSHIP.encode("utf-16")).decode(), isBase64Encoded=True),
        400,
    ),
    "UTF-16 body that is UTF-8 too": (
        posted(base64.b64encode(MEMBERSHIP.encode("utf-16-le")).decode(), isBase64Encoded=True),
        400,
    ),
    "nested too deep": (posted(f'{MEMBERSHIP.rstrip()[:-1]},"x":{"[" * 101}{"]" * 101}}}'), 400),
    "account id of 301 digits": (posted(MEMBERSHIP.replace("1001", "1" + "0" * 300)), 400),
    "registration of more than 8 KiB": (
        posted(REGISTRATION + " " * LARGEST_OPEN_BYTES, path="registration"),
        413,
    ),
    "another type on the open path": (posted(MEMBERSHIP, path="registration"), 400),
    "missing token": (posted(MEMBERSHIP, headers=headers(authorization=None)), 401),
    "no headers": (posted(MEMBERSHIP, headers=None), 401),
    "empty token": (posted(MEMBERSHIP, headers=headers(authorization="Token ")), 401),
    "token without a scheme": (posted(MEMBERSHIP, headers=headers(authorization=TOKEN)), 401),
    "another scheme": (posted(MEMBERSHIP, headers=headers(authorization=f"Bearer {TOKEN}")), 401),
    "wrong token": (posted(MEMBERSHIP, headers=headers(authorization="Token sesame-2")), 401),
    "two words": (posted(MEMBERSHIP, headers=headers(authorization=f"Token {TOKEN} x")), 401),
    # API Gateway joins what came twice
    "duplicate header": (
        posted(MEMBERSHIP, headers=headers(authorization=f"Token {TOKEN},Token {TOKEN}")),
        401,
    ),
    "body out of order without a token": (posted("x", headers={}), 401),
}


@pytest.mark.parametrize("case", BAD_INPUT)
def test_bad_input_has_its_status_and_reason_and_is_not_queued(
    case: str, capsys: pytest.CaptureFixture[str]
) -> None:
    event, expected = BAD_INPUT[case]
    sqs = Sqs()

    status, body, response_headers = answered(event, sqs=sqs)

    assert status == expected
    assert isinstance(body["error"], str)
    assert set(body) <= {"error", "id"}
    assert sqs.requests == []
    assert response_headers.get("WWW-Authenticate") == ("Token" if status == 401 else None)
    output = capsys.readouterr()
    for secret in (CANARY, TOKEN, "Traceback", "probe-key"):
        assert secret not in output.out + output.err + json.dumps(body)
    assert len(output.out) < 500
    (line,) = output.out.splitlines()
    assert json.loads(line)["outcome"] == "refused"


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("no body", "there is no body"),
        ("empty body", "there is no body"),
        ("gzip body", "the body is compressed"),
        ("wrong content type", "the content type is not JSON"),
        ("base64 that is none", "the body is not text in UTF-8"),
        ("UTF-16 body that is UTF-8 too", "the body is not text in UTF-8"),
        ("registration of more than 8 KiB", "the body has more than 8192 bytes"),
        ("wrong path", "no such path"),
        ("wrong method", "only POST is answered here"),
        ("no headers", "wrong or missing token"),
    ],
)
def test_refusal_says_why(case: str, reason: str) -> None:
    event, _ = BAD_INPUT[case]

    assert answered(event)[1] == {"error": reason}


def test_message_of_another_path_is_refused_before_it_is_read() -> None:
    sent = {"type": "event_processing_request", "id": "x", "events": "not a list", "later": []}

    status, body, _ = answered(posted(json.dumps(sent), path="registration"))

    assert (status, body) == (400, {"error": "$.type: does not belong to this path"})
    assert answered(posted(json.dumps(sent), path="events"))[1]["error"].startswith("$.events: ")


DOOR = FrontDoor(Taker(), acceptance=None, tokens=Secret([TOKEN]).tokens())


@given(
    body=st.text(max_size=50) | st.binary(max_size=50).map(lambda b: base64.b64encode(b).decode()),
    is_base64=st.booleans(),
)
def test_any_body_is_answered_with_json(body: str, *, is_base64: bool) -> None:
    response = DOOR.answer(posted(body, isBase64Encoded=is_base64))

    assert response["statusCode"] == 400
    assert json.loads(response["body"])["error"]


def test_refusal_reads_like_its_reason() -> None:
    assert str(HttpRefusal(404, "no such path", hint="POST it")) == "no such path"
