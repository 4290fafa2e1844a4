"""The check that nothing a customer or a user entered reaches a log or an error."""

from __future__ import annotations

import json
import secrets
from dataclasses import replace

from local.service_calls import Behaviour
from local.stand_in import StandIn
from probe import check_requests
from probe.check_requests import request_named
from probe.endpoint_answer import Json
from probe.endpoint_check import Result, Stage, failed, passed
from probe.registered_types import BATCH, FAMILY_TYPES
from probe.remedies import Need
from workbench.contract.service_check import ServiceCheck

IDENTITIES = ("probe@example.com", "probe-customer")
"""What the messages call their users by."""


def _examine(stage: Stage, service: StandIn) -> Result:
    """Send canaries while the service answers in every way, then read what was written."""
    canary = f"canary-{secrets.token_hex(8)}"
    settings = {name: _canary_for(text, canary) for name, text in stage.settings.items()}
    named = replace(stage, settings=settings)
    for behaviour in _behaviours(canary):
        place = _leak(named, service, behaviour, canary)
        if place:
            return failed(
                f"a service that answers {behaviour.status}: {place}",
                "log and raise ids and classes, never what was received",
            )
    return passed()


def _leak(stage: Stage, service: StandIn, behaviour: Behaviour, canary: str) -> str | None:
    service.choose = lambda _call: behaviour
    for request in _requests(canary, stage):
        answer = stage.send(request)
        said = "" if answer.is_success else f"{answer.error}{json.dumps(answer.content)}"
        if canary in said:
            return f"the answer to {request['type']} quotes what was received"
    stage.drain()
    written = stage.read_log() if stage.read_log else ()
    if any(canary in line for line in written):
        return "the log has what was received"
    return None


def _canary_for(text: str, canary: str) -> str:
    """Put the canary in place of a text; a number or a boolean has to stay one."""
    is_text = not (text in {"true", "false"} or text.replace(".", "").lstrip("-").isdigit())
    return canary if is_text else text


def _requests(canary: str, stage: Stage) -> list[Json]:
    made = [
        *map(request_named, filter(stage.is_sent, FAMILY_TYPES)),
        check_requests.malformed(stage.main_type, word=IDENTITIES[0]),
    ]
    if stage.is_sent(BATCH):
        made.append(check_requests.unknown_event_type())
    return [_with_canary(request, canary) for request in made]


def _with_canary(request: Json, canary: str) -> Json:
    text = json.dumps(request)
    for identity in IDENTITIES:
        text = text.replace(identity, canary)
    changed: Json = json.loads(text)
    return changed


def _behaviours(canary: str) -> list[Behaviour]:
    """Give one of each kind of answer; failures quote what they were sent, as services do."""
    body = json.dumps({"error": f"not good: {canary}"}).encode()
    failures = [Behaviour(status=status, body=body) for status in (400, 401, 429, 500)]
    return [Behaviour(), *failures, Behaviour(resets=True)]


LEAK_CHECK = ServiceCheck(
    name="nothing_leaks",
    demand="Settings, identities and what your service says never reach a log or an error.",
    source="your contract with mParticle and its customers; our rule",
    examine=_examine,
    needs=(Need.SERVICE, Need.LOG),
)
