"""Entry point of the lambda transport: mParticle invokes the alias and waits for the response."""

from __future__ import annotations

import json
import os
from typing import Any

from endpoint.answering import endpoint_from
from firehose import to_dict

# Once per process, so that what it keeps (clients, connections) serves every call.
_endpoint = endpoint_from(os.environ)


def handler(event: object, _context: object) -> dict[str, Any]:
    """Answer one request. A failure is raised, so that AWS reports a function error."""
    # Lambda has parsed the request already. ASCII holds no character that SQS refuses.
    return to_dict(_endpoint.answer(event, lambda: json.dumps(event, separators=(",", ":"))))
