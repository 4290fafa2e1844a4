"""What a region's URL makes of a token: asked with a request that reaches no integration."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from threading import Event

from console.exit_codes import CommandError
from firehose.secret import Secret
from probe.answer_problems import problem_of_answer
from probe.check_requests import request_named
from probe.endpoint_answer import EndpointAnswer
from probe.https_endpoint import HttpsEndpoint

PATIENCE_SECONDS = 75.0
"""A process that was asked about an unknown token asks for newer ones again after a minute."""
_PAUSE_SECONDS = 5.0
_REQUEST = "event_processing_request_idle"
_OPEN_REQUEST = "module_registration_request"


def accepts(url: HttpsEndpoint, token: Secret, *, stop: Event | None = None) -> bool:
    """Whether a URL lets a token in; waits while the URL cannot tell yet.

    `stop` ends the waiting. Raises `CommandError` when it answers neither 200 nor 401, or still
    cannot tell after `PATIENCE_SECONDS`.
    """
    waited = 0.0
    stop = stop or Event()
    while True:
        status = _asked(url, token).status
        if status == HTTPStatus.OK:
            return True
        if status == HTTPStatus.UNAUTHORIZED:
            return False
        if status != HTTPStatus.SERVICE_UNAVAILABLE or waited >= PATIENCE_SECONDS or stop.is_set():
            raise CommandError(
                f"{url.name}: {url.given} answered {status} instead of 200 or 401",
                next_step=f"firehose logs --region {url.name}, then run it again",
            )
        stop.wait(_PAUSE_SECONDS)
        waited += _PAUSE_SECONDS


def turns_away(url: HttpsEndpoint, token: Secret) -> bool:
    """Whether a URL refuses a token: 401, or 503 where it may not ask for newer ones yet."""
    return _asked(url, token).status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE}


def is_registration_open(url: HttpsEndpoint) -> bool:
    """Whether registration answers without a token, as mParticle asks."""
    request = request_named(_OPEN_REQUEST)
    answer = replace(url, token=None).send(request, message_type=_OPEN_REQUEST)
    return problem_of_answer(request, answer) is None


def _asked(url: HttpsEndpoint, token: Secret) -> EndpointAnswer:
    request = request_named(_REQUEST)
    return replace(url, token=token.reveal()).send(request, message_type=request["type"])
