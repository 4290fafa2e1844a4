"""How many bytes the functions and the HTTP API of a region write into their logs.

What our package logs of calls without an error: of a sample of them whole lines, of every one that
is queued its count.
"""

from __future__ import annotations

from plan.region_plan import RegionPlan

ANSWERED_BYTES = 214
"""Of the line of a call that is answered inline. Tests measure this and the five below."""
ACCEPTED_BYTES = 408
"""Of the endpoint's line about a message that it stored, which is also a metric."""
COUNTED_BYTES = 198
"""Of the metric alone, where that line is not written."""
DELIVERED_BYTES = 219
"""Of the worker's line about a message that it delivered."""
BATCH_BYTES = 201
"""Of the metrics of a whole batch."""
ACCESS_BYTES = 202
"""Of API Gateway's line about a request."""
EVENT_BYTES = 26
"""What CloudWatch Logs counts beside the text of each line (PutLogEvents)."""


def written_bytes(plan: RegionPlan, *, calls: float, queued: float) -> float:
    """Give what the functions write for so many calls, of which some are queued."""
    share = plan.function.log_sample
    answered = share * (ANSWERED_BYTES + EVENT_BYTES)
    accepted = share * ACCEPTED_BYTES + (1 - share) * COUNTED_BYTES + EVENT_BYTES
    delivered = share * (DELIVERED_BYTES + EVENT_BYTES)
    batch = (BATCH_BYTES + EVENT_BYTES) / plan.delivery.batch_size if plan.delivery else 0.0
    return (calls - queued) * answered + queued * (accepted + delivered + batch)


def access_bytes(requests: float) -> float:
    """Give what the HTTP API writes for so many requests."""
    return requests * (ACCESS_BYTES + EVENT_BYTES)
