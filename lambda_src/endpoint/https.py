"""Entry point of the https transport: API Gateway passes on what mParticle posts."""

from __future__ import annotations

import os
from typing import Any

from endpoint import cold_start
from endpoint.acceptance import acceptance_from
from endpoint.aws import AwsClient
from endpoint.front_door import FrontDoor
from endpoint.lambda_call import LambdaCall, seconds_left
from endpoint.plugin import load_integration
from endpoint.settings import Settings
from endpoint.tokens import SECRETS_MANAGER, Tokens
from firehose import TimeLimit

# Once per process, so that what they keep (clients, connections) serves every call.
_settings = Settings.from_environment(os.environ)
_tokens = Tokens(AwsClient(SECRETS_MANAGER, os.environ), _settings.token_secret)
_tokens.load()
_front_door = FrontDoor(
    load_integration(_settings.integration),
    acceptance=acceptance_from(_settings, os.environ),
    tokens=_tokens,
)
cold_start.end()


def handler(event: dict[str, Any], context: LambdaCall | None) -> dict[str, Any]:
    """Answer one HTTP request in API Gateway's payload format 2.0; never raises."""
    with TimeLimit(seconds_left(context)):
        return _front_door.answer(event)
