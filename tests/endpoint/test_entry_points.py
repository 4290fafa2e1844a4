"""The three modules that Lambda loads: what each makes of its environment, and what it answers."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest

from endpoint.aws import AwsClient
from endpoint.lambda_call import seconds_left
from endpoint.settings import Settings, WorkerSettings
from firehose import DsrProcessingRequest, DsrProcessingResponse, RetryableError
from tests.aws.loopback import Aws, served
from tests.endpoint.aws_calls import ENVIRONMENT
from tests.endpoint.deliveries import BODY, Asking, record
from tests.endpoint.http_events import MEMBERSHIP, TOKEN, posted
from tests.endpoint.taker import Taker

HERE = "tests.endpoint.test_entry_points"
SECRET = "arn:aws:secretsmanager:us-east-1:111122223333:secret:token-a1b2c3"
Start = Callable[..., Callable[[Any, Any], Any]]


class Call:
    """What Lambda says about a call."""

    def __init__(self, milliseconds: int = 5_000) -> None:
        self._milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        return self._milliseconds


class Timed(Asking):
    """Asks how long it may work, of whichever object was made last."""

    last: ClassVar[list[float]]

    def __init__(self) -> None:
        super().__init__()
        type(self).last = self.told


class Busy(Taker):
    """Can take nothing now."""

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        raise RetryableError("busy", retry_after_seconds=60)


@pytest.fixture
def aws() -> Iterator[Aws]:
    """Serve SQS, Secrets Manager and DynamoDB, which take everything."""
    answer = {"Successful": [{"Id": "0"}], "SecretString": TOKEN}
    with served((200, json.dumps(answer).encode())) as running:
        yield running


def asked(aws: Aws) -> list[tuple[str, dict[str, Any]]]:
    """Give each request's operation and content."""
    return [
        (headers["x-amz-target"].rpartition(".")[2], json.loads(body))
        for _, headers, body in aws.requests
    ]


@pytest.fixture
def start(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Start]:
    """Load an entry point as a new process does, and give its handler."""
    clients: list[AwsClient] = []
    make = AwsClient.__init__

    def note(client: AwsClient, *given: Any, **named: Any) -> None:
        clients.append(client)
        make(client, *given, **named)

    monkeypatch.setattr(AwsClient, "__init__", note)
    variables = ENVIRONMENT | {"AWS_ENDPOINT_URL": aws.url}

    def begin(name: str, settings: Settings | WorkerSettings) -> Callable[[Any, Any], Any]:
        for variable, value in (variables | settings.to_environment()).items():
            monkeypatch.setenv(variable, value)
        handler: Callable[[Any, Any], Any] = runpy.run_module(f"endpoint.{name}")["handler"]
        return handler

    yield begin
    for client in clients:
        client.close()


@pytest.mark.parametrize("name", ["direct", "https", "worker"])
def test_start_ends_once_everything_is_loaded(
    name: str, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends: list[None] = []
    monkeypatch.setattr("endpoint.cold_start.end", lambda: ends.append(None))
    settings = {
        "direct": Settings(integration=f"{HERE}:Taker"),
        "https": Settings(integration=f"{HERE}:Taker", token_secret=SECRET),
        "worker": worker_settings("Taker"),
    }

    start(name, settings[name])

    assert len(ends) == 1


def test_direct_answers_within_the_time_that_lambda_leaves(start: Start) -> None:
    handler = start("direct", Settings(integration=f"{HERE}:Timed"))

    answer = handler(json.loads(BODY), Call(5_000))

    assert answer["id"] == json.loads(BODY)["id"]
    assert [round(seconds, 1) for seconds in Timed.last] == [5.0]


def test_direct_stores_what_its_settings_queue(start: Start, aws: Aws) -> None:
    handler = start(
        "direct", Settings(integration=f"{HERE}:Busy", queued=("dsr",), queue_url="https://queue")
    )

    handler(json.loads(BODY), None)

    ((operation, content),) = asked(aws)
    assert (operation, content["QueueUrl"]) == ("SendMessage", "https://queue")


def test_direct_stores_what_overflows(start: Start, aws: Aws) -> None:
    settings = Settings(
        integration=f"{HERE}:Busy", overflowing=("dsr",), overflow_ms=120, queue_url="https://queue"
    )

    start("direct", settings)(json.loads(BODY), None)

    assert [name for name, _ in asked(aws)] == ["SendMessage"]


def test_https_answers_who_has_the_token(start: Start, aws: Aws) -> None:
    handler = start("https", Settings(integration=f"{HERE}:Timed", token_secret=SECRET))
    stages = [content["VersionStage"] for _, content in asked(aws)]

    answer = handler(posted(BODY, path="dsr"), Call(3_000))

    assert stages == ["AWSCURRENT", "AWSPREVIOUS"], "before the first call"
    assert (answer["statusCode"], json.loads(answer["body"])["id"]) == (200, json.loads(BODY)["id"])
    assert [round(seconds, 1) for seconds in Timed.last] == [3.0]


def test_https_stores_what_its_settings_queue(start: Start, aws: Aws) -> None:
    settings = Settings(
        integration=f"{HERE}:Taker",
        queued=("audiences",),
        queue_url="https://queue",
        token_secret=SECRET,
    )

    start("https", settings)(posted(MEMBERSHIP), None)

    assert [
        content["QueueUrl"] for operation, content in asked(aws) if operation == "SendMessage"
    ] == ["https://queue"]


def worker_settings(integration: str, **changes: Any) -> WorkerSettings:
    settings: dict[str, Any] = {
        "integration": f"{HERE}:{integration}",
        "queue_url": "https://queue",
        "dead_letter_queue_url": "https://dead-letters",
        "parallel": 2,
        "attempts": 3,
        "max_receives": 4,
    }
    return WorkerSettings(**settings | changes)


def test_worker_delivers_a_batch_and_reports_what_stays(start: Start, aws: Aws) -> None:
    handler = start("worker", worker_settings("Timed"))

    report = handler({"Records": [record(1), record(2, body="odd")]}, Call(20_000))

    assert report == {"batchItemFailures": []}
    assert [round(seconds, 1) for seconds in Timed.last] == [18.0]
    assert [(name, content["QueueUrl"]) for name, content in asked(aws)] == [
        ("SendMessageBatch", "https://dead-letters"),
        ("DeleteMessageBatch", "https://queue"),
    ]


def test_worker_keeps_to_the_numbers_of_its_settings(start: Start, aws: Aws) -> None:
    handler = start("worker", worker_settings("Busy"))

    for given in (record(attempt=1), record(attempt=2), record(breakdowns=4)):
        handler({"Records": [given]}, Call())

    sent = [content["QueueUrl"] for name, content in asked(aws) if name == "SendMessageBatch"]
    assert sent == ["https://queue", "https://dead-letters", "https://dead-letters"]


def test_worker_remembers_what_it_delivered_if_it_has_a_table(start: Start, aws: Aws) -> None:
    settings = worker_settings("Taker", delivered_table="delivered", claim_seconds=90)

    start("worker", settings)({"Records": [record()]}, Call())

    tables = [(name, content["TableName"]) for name, content in asked(aws)]
    assert tables == [("PutItem", "delivered")] * 2
    claimed = asked(aws)[0][1]["Item"]
    assert int(claimed["expires"]["N"]) - int(claimed["lapses"]["N"]) == 30 * 86_400 - 90


def test_call_outside_of_lambda_has_no_end() -> None:
    assert seconds_left(None) == float("inf")
    assert seconds_left(Call(1_500)) == 1.5
