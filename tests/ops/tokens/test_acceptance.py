"""What a URL makes of a token, by what it answers; and how long one that cannot tell is asked."""

from __future__ import annotations

import json
from threading import Event

import pytest

from console.exit_codes import CommandError
from firehose.secret import Secret
from local.service_calls import Behaviour, ReceivedCall
from local.stand_in import StandIn
from ops.tokens.acceptance import accepts, is_registration_open, turns_away
from probe.https_endpoint import HttpsEndpoint

TOKEN = Secret("canary-token")


class Waits(Event):
    """An event that nobody waits for in earnest: it notes how long it was asked to."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[float | None] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.seconds.append(timeout)
        return self.is_set()


@pytest.fixture
def url(partner: StandIn) -> HttpsEndpoint:
    return HttpsEndpoint(
        name="eu-central-1", given="https://given", called=f"{partner.url}/firehose", token="other"
    )


def answers(partner: StandIn, *statuses: int) -> None:
    """Let a service answer so, one after the other, and then the last for ever."""
    left = list(statuses)
    partner.choose = lambda _call: Behaviour(status=left.pop(0) if len(left) > 1 else left[0])


@pytest.mark.parametrize(("status", "accepted"), [(200, True), (401, False)])
def test_token_is_accepted_by_200_and_refused_by_401(
    partner: StandIn, url: HttpsEndpoint, status: int, accepted: bool
) -> None:
    answers(partner, status)
    waits = Waits()

    assert accepts(url, TOKEN, stop=waits) is accepted
    assert waits.seconds == []
    (call,) = partner.received
    assert call.path == "/firehose/events"
    assert call.headers["authorization"] == "Token canary-token"


def test_url_that_cannot_tell_yet_is_asked_again_until_it_can(
    partner: StandIn, url: HttpsEndpoint
) -> None:
    answers(partner, 503, 503, 200)
    waits = Waits()

    assert accepts(url, TOKEN, stop=waits) is True
    assert waits.seconds == [5, 5]


def test_url_that_cannot_tell_is_given_up_after_more_than_a_minute(
    partner: StandIn, url: HttpsEndpoint
) -> None:
    answers(partner, 503)
    waits = Waits()

    with pytest.raises(CommandError, match="eu-central-1: https://given answered 503"):
        accepts(url, TOKEN, stop=waits)

    assert waits.seconds == [5] * 15


def test_who_stops_waits_no_longer(partner: StandIn, url: HttpsEndpoint) -> None:
    answers(partner, 503)
    waits = Waits()
    waits.set()

    with pytest.raises(CommandError, match="instead of 200 or 401"):
        accepts(url, TOKEN, stop=waits)

    assert waits.seconds == []


def test_any_other_answer_is_an_error_at_once(partner: StandIn, url: HttpsEndpoint) -> None:
    answers(partner, 500)

    with pytest.raises(CommandError, match="answered 500"):
        accepts(url, TOKEN, stop=Waits())

    assert len(partner.received) == 1


@pytest.mark.parametrize(("status", "turned_away"), [(401, True), (503, True), (200, False)])
def test_stranger_is_turned_away_by_401_or_503(
    partner: StandIn, url: HttpsEndpoint, status: int, turned_away: bool
) -> None:
    answers(partner, status)

    assert turns_away(url, TOKEN) is turned_away


def test_registration_is_open_if_it_is_answered_without_a_token(
    partner: StandIn, url: HttpsEndpoint
) -> None:
    answers(partner, 401)
    assert is_registration_open(url) is False

    def answer(call: ReceivedCall) -> Behaviour:
        sent = json.loads(call.body)
        registered = {"type": "module_registration_response", "name": "Acme", "version": "1"}
        return Behaviour(body=json.dumps(registered | {"id": sent["id"]}).encode())

    partner.choose = answer
    assert is_registration_open(url) is True
    assert [call.path for call in partner.received] == ["/firehose/registration"] * 2
    assert all("authorization" not in call.headers for call in partner.received)
