"""Entry point of the worker: a batch of queued messages, each on its own, several at once."""

from __future__ import annotations

import os
from typing import Any

from endpoint import cold_start
from endpoint.batch import Batch, report
from endpoint.batched_queue import BatchedQueue
from endpoint.deduplication import DeliveredMessages
from endpoint.delivery import Delivery
from endpoint.lambda_call import LambdaCall, seconds_left
from endpoint.plugin import load_integration
from endpoint.settings import WorkerSettings
from endpoint.sqs import Sqs
from endpoint.threads import SystemThreads

_settings = WorkerSettings.from_environment(os.environ)
_client = Sqs.in_region_of(os.environ)
_threads = SystemThreads()
_known = (
    DeliveredMessages.in_region_of(
        os.environ, _settings.delivered_table, claim_seconds=_settings.claim_seconds
    )
    if _settings.delivered_table
    else None
)
_batch = Batch(
    Delivery(
        load_integration(_settings.integration),
        queue=BatchedQueue(_client, _settings.queue_url, _threads),
        dead_letters=BatchedQueue(_client, _settings.dead_letter_queue_url, _threads),
        attempts=_settings.attempts,
        max_breakdowns=_settings.max_receives,
        known=_known,
    ),
    parallel=_settings.parallel,
    threads=_threads,
)
cold_start.end()


def handler(event: dict[str, Any], context: LambdaCall) -> dict[str, Any]:
    """Deliver a batch, and name the messages that SQS must hand out again."""
    return report(_batch.deliver(event["Records"], remaining_seconds=seconds_left(context)))
