"""A day against an endpoint that works by itself: what its answers and the service's calls say."""

from __future__ import annotations

import http.client
import time
from typing import Literal

import pytest

from console.exit_codes import CommandError
from local.service_calls import always
from local.stand_in import StandIn, stand_in
from probe.endpoint_answer import Body, EndpointAnswer
from probe.endpoint_check import Stage
from tests.workbench.play.played import answered, message
from workbench.play.sender_rules import SenderRules
from workbench.play.venue_deployed import DeployedVenue, HurriedClock

MESSAGE_ID = "6f0d5f8e-0f4c-4b8e-9f0b-0d6a3f1c7a02"


class Answering:
    """An endpoint that answers everything the same, or not at all."""

    name = "answering"
    transport: Literal["https"] = "https"

    def __init__(self, answer: EndpointAnswer | None) -> None:
        self._answer = answer

    def serves(self, message_type: str) -> bool:
        return True

    def send(self, body: Body, *, message_type: str) -> EndpointAnswer:
        if self._answer is None:
            raise CommandError("nobody answers", next_step="look")
        return self._answer


def venue(answer: EndpointAnswer | None, service: StandIn | None = None) -> DeployedVenue:
    return DeployedVenue(
        [
            Stage(
                endpoint=Answering(answer),
                service=service,
                limit_ms=100,
                timeout_seconds=5,
                has_times=False,
            )
        ]
    )


@pytest.mark.parametrize(
    ("answer", "is_refused"),
    [
        (answered(400), True),
        (answered(401), False),
        (answered(error="InvalidMessage: $.type: is not a known type"), True),
        (answered(error="ProcessingError: RejectedMessage at acme.py:1 in send"), True),
        (answered(error="Runtime.HandlerError: InvalidCredentials at acme.py:1 in send"), True),
        (answered(error="ProcessingError: KeyError at acme.py:1 in send"), False),
    ],
)
def test_refusal_is_told_from_an_error_by_what_the_answer_says(
    answer: EndpointAnswer, is_refused: bool
) -> None:
    sent = venue(answer).send(message(), {})

    assert (sent.is_refused, sent.stored) == (is_refused, None)


def test_nobody_who_answers_is_called_again() -> None:
    sent = venue(None).send(message(), {})

    assert SenderRules().judge(sent.answer) == "repeat"


@pytest.mark.parametrize("message_id", [MESSAGE_ID, MESSAGE_ID.upper()])
def test_call_of_the_service_belongs_to_the_message_whose_id_is_in_it(message_id: str) -> None:
    with stand_in(always("ok")) as service:
        played = venue(answered(), service)
        played.send(message(message_id=message_id), {})
        connection = http.client.HTTPConnection(*service.server_address[:2])  # type: ignore[arg-type]
        for body in (f'{{"of": "{message_id}"}}', "{}"):
            connection.request("POST", "/events", body)
            connection.getresponse().read()
        connection.close()

        found = played.finish()

    assert [(name, len(exchanges)) for name, exchanges in found.items()] == [(message_id, 1)]


def test_hurried_clock_waits_a_part_of_the_time() -> None:
    clock, begun = HurriedClock(speed=10_000), time.monotonic()

    clock.skip_to(500)

    assert clock.now() >= 500
    assert time.monotonic() - begun < 5
