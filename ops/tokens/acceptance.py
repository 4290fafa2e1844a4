"""What a region's URL makes of a token: asked with a request that reaches no integration."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus
from threading import Event

from firehose.secret import Secret
from ops.console.exit_codes import CommandError
from ops.proof.https_endpoint import HttpsEndpoint
from ops.proof.probes import probe_named

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
        status, _ = replace(url, token=token.reveal()).post(probe_named(_REQUEST))
        if status == HTTPStatus.OK:
            return True
        if status == HTTPStatus.UNAUTHORIZED:
            return False
        if status != HTTPStatus.SERVICE_UNAVAILABLE or waited >= PATIENCE_SECONDS or stop.is_set():
            raise CommandError(
                f"{url.region}: {url.given} answered {status} instead of 200 or 401",
                next_step=f"firehose logs --region {url.region}, then run it again",
            )
        stop.wait(_PAUSE_SECONDS)
        waited += _PAUSE_SECONDS


def turns_away(url: HttpsEndpoint, token: Secret) -> bool:
    """Whether a URL refuses a token: 401, or 503 where it may not ask for newer ones yet."""
    status, _ = replace(url, token=token.reveal()).post(probe_named(_REQUEST))
    return status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE}


def is_registration_open(url: HttpsEndpoint) -> bool:
    """Whether registration answers without a token, as mParticle asks."""
    probe = probe_named(_OPEN_REQUEST)
    status, answer = replace(url, token=None).post(probe)
    return status == HTTPStatus.OK and probe.problem_of(answer) is None
