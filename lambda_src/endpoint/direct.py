"""Entry point of the lambda transport: mParticle invokes the alias and waits for the response."""

from __future__ import annotations

import os
from typing import Any

from endpoint import cold_start
from endpoint.acceptance import acceptance_from
from endpoint.answering import answer
from endpoint.lambda_call import LambdaCall, seconds_left
from endpoint.plugin import load_integration
from endpoint.settings import Settings
from firehose import TimeLimit

# Once per process, so that what they keep (clients, connections) serves every call.
_settings = Settings.from_environment(os.environ)
_acceptance = acceptance_from(_settings, os.environ)
_integration = load_integration(_settings.integration)
cold_start.end()


def handler(event: object, context: LambdaCall | None) -> dict[str, Any]:
    """Answer one request. A failure is raised, so that AWS reports a function error."""
    with TimeLimit(seconds_left(context)):
        return answer(_integration, event, _acceptance)
