"""The endpoint: an integration behind it, its HTTP door, and the worker of its queue."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any, cast

from endpoint.acceptance import Acceptance
from endpoint.answering import ProcessingError, answer
from endpoint.batch import Batch
from endpoint.delivery import Delivery
from endpoint.front_door import FrontDoor
from endpoint.http_request import MESSAGE_TYPES
from endpoint.tokens import Tokens
from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    EventProcessingRequest,
    EventProcessingResponse,
    InvalidMessage,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    RejectedMessage,
    RetryableError,
)
from firehose.setting_values import SettingReaders
from fuzzing.mutation import OfJson
from fuzzing.target import CANARY, FuzzTarget
from fuzzing.targets.messages import WORDS, requests
from workbench.memory_sqs import MemorySqs

_FAMILIES = ("events", "audiences", "dsr")
_STATUSES = frozenset({200, 400, 401, 404, 405, 413, 500, 503})
_TOKEN = "sesame"  # noqa: S105 - nobody's


class _BrokenError(Exception):
    """The endpoint did what it never may. No documented error: to raise it is a finding."""


class _Reader(MessageProcessor):
    """Reads every setting in every way, and fails for some messages, quoting what it read."""

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        return ModuleRegistrationResponse(name="Reader", version="1")

    def process_event_processing_request(
        self, request: EventProcessingRequest
    ) -> EventProcessingResponse:
        if request.account:
            _read_all(request.account)
        return super().process_event_processing_request(request)

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        if request.account:
            _read_all(request.account)
        for profile in request.user_profiles or ():
            if profile.mpid and profile.mpid.endswith("7"):
                raise RejectedMessage(CANARY)
            for audience in profile.audiences:
                _read_all(audience)
        return super().process_audience_membership_change_request(request)


def _read_all(settings: SettingReaders) -> None:
    for name, value in settings._settings().items():
        settings.boolean_setting(name, default=False)
        for read in (settings.integer_setting, settings.float_setting):
            try:
                read(name, default=None)
            except ValueError:
                if value and "later" in value.reveal():
                    raise RetryableError(CANARY, retry_after_seconds=3) from None


def _process(data: bytes) -> str:
    sqs = MemorySqs()
    acceptance = Acceptance(sqs.queue(sqs.QUEUE), queued=("dsr",))
    response = answer(_Reader(), data, acceptance)
    json.dumps(response, allow_nan=False)
    for stored in sqs.messages(sqs.QUEUE):
        _check_storable(stored.body, stored.group)
    return str(response["type"])


def _check_storable(body: str, group: str) -> None:
    """Hold what SQS demands: developer guide, SendMessage."""
    if not 1 <= len(group) <= 128:
        raise _BrokenError(f"a group of {len(group)} characters, which SQS does not take")
    if any(character < " " and character not in "\t\n\r" for character in body):
        raise _BrokenError("a body with characters that SQS does not take")


PROCESS = FuzzTarget(
    name="process",
    run=_process,
    documented=(InvalidMessage, ProcessingError),
    seeds=requests(),
    mutator=OfJson(*WORDS, "later"),
)


class _SecretsManager:
    """Has one token."""

    def call(self, operation: str, content: Mapping[str, object]) -> dict[str, Any]:
        current = (operation, content["VersionStage"]) == ("GetSecretValue", "AWSCURRENT")
        return {"SecretString": _TOKEN if current else ""}


def _door(sqs: MemorySqs) -> FrontDoor:
    tokens = Tokens(cast("Any", _SecretsManager()), "secret")
    tokens.load()
    return FrontDoor(
        _Reader(), acceptance=Acceptance(sqs.queue(sqs.QUEUE), queued=_FAMILIES), tokens=tokens
    )


def _front_door(data: bytes) -> str:
    """Post a body, or hand over a whole event where the input looks like one of API Gateway's."""
    sqs = MemorySqs()
    event = _event(data)
    response = _door(sqs).answer(event)
    content = json.loads(response["body"])
    if response["statusCode"] not in _STATUSES:
        raise _BrokenError(f"status {response['statusCode']}")
    for stored in sqs.messages(sqs.QUEUE):
        _check_storable(stored.body, stored.group)
    return f"{response['statusCode']} {content.get('error') or content.get('type')}"


def _event(data: bytes) -> dict[str, Any]:
    try:
        event = json.loads(data)
    except (ValueError, RecursionError):
        event = None
    # API Gateway makes the event: its fields have their types, their texts may be anything
    given: dict[str, Any] = event if isinstance(event, dict) else {}
    headers = given.get("headers")
    texts = headers.items() if isinstance(headers, dict) else ()
    if isinstance(given.get("body"), str) and "routeKey" in given:
        body, encoded = given["body"], given.get("isBase64Encoded") is True
    else:
        body, encoded = base64.b64encode(data).decode(), True
    return {
        "version": "2.0",
        "routeKey": str(given.get("routeKey", "POST /firehose/events")),
        "headers": {name: text for name, text in texts if isinstance(text, str)}
        or {"authorization": f"Token {_TOKEN}"},
        "body": body,
        "isBase64Encoded": encoded,
    }


def _posted(message: bytes) -> bytes:
    kind = json.loads(message)["type"]
    path = next(path for path, types in MESSAGE_TYPES.items() if kind in types)
    return json.dumps(
        {
            "routeKey": f"POST /firehose/{path}",
            "headers": {"authorization": f"Token {_TOKEN}", "content-type": "application/json"},
            "body": message.decode(),
            "isBase64Encoded": False,
        }
    ).encode()


FRONT_DOOR = FuzzTarget(
    name="front-door",
    run=_front_door,
    documented=(),
    seeds=[*map(_posted, requests()), *requests()],
    mutator=OfJson(*WORDS, "later", "POST /firehose/dsr", "Token sesame", "content-encoding"),
)


def _worker(data: bytes) -> str:
    """Hand over one record, and say which way its message went."""
    sqs = MemorySqs()
    dead = sqs.queue(sqs.DEAD_LETTERS)
    delivery = Delivery(
        _Reader(), queue=sqs.queue(sqs.QUEUE), dead_letters=dead, attempts=12, max_breakdowns=6
    )
    left = Batch(delivery, parallel=1).deliver([_record(data)], remaining_seconds=30)
    copies = [*sqs.messages(sqs.QUEUE), *sqs.messages(sqs.DEAD_LETTERS)]
    if len(left) + len(copies) > 1:
        raise _BrokenError(f"one message became {len(left)} left and {len(copies)} copies")
    reasons = [f"{copy.reason or 'again'} in {copy.wait_seconds} s" for copy in copies]
    return f"left {left}, {reasons}" if left or copies else "delivered"


def _record(data: bytes) -> dict[str, Any]:
    """Make a record of the texts that whoever may send to the queue chooses."""
    try:
        given = json.loads(data)
    except (ValueError, RecursionError):
        given = None
    given = given if isinstance(given, dict) else {"body": data.decode(errors="replace")}
    return {
        "messageId": "1",
        "receiptHandle": "1",
        "body": str(given.get("body", "")),
        "attributes": {
            "ApproximateReceiveCount": "1",
            "MessageGroupId": str(given.get("group", "1")),
        },
        "messageAttributes": {
            name: {"stringValue": str(given[name]), "dataType": "Number"}
            for name in ("attempt", "breakdowns")
            if name in given
        },
    }


WORKER = FuzzTarget(
    name="worker",
    run=_worker,
    documented=(),
    seeds=[
        json.dumps({"body": message.decode(), "attempt": "3", "group": "77"}).encode()
        for message in requests()
    ],
    mutator=OfJson(*WORDS, "later", "attempt", "body", "group"),
)
