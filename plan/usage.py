"""What one region uses of AWS in a month of 30.4 days at its average traffic, in billed units."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil

from plan.log_volume import access_bytes, written_bytes
from plan.prices import PriceKey, lambda_time_key, million_gb_seconds
from plan.region_plan import DeliveryPlan, FunctionPlan, HttpsPlan, RegionPlan

MONTH_SECONDS = 2_626_560
"""365 days / 12, as AWS's own calculator has it in 730 hours, rounded to 30.4 days."""

STORING_MS = 5
"""What a call lasts whose message goes to the queue at once."""
STORED_SHARE = 0.15
"""What is left of a log after CloudWatch compressed it: aws.amazon.com/cloudwatch/pricing."""

SENDS_PER_MESSAGE = 1
"""Requests of SQS for a message on its way in; a test counts them, as the worker's: none for what
is delivered, because Lambda deletes a batch in one request and receives it in one."""
_IDLE_POLLS = 5 * MONTH_SECONDS / 20
"""Lambda polls with five connections for 20 seconds each, whether or not something comes."""
_KEY_SECONDS = 300
"""For which SQS uses a data key again, in each direction of each caller:
docs.aws.amazon.com/AWSSimpleQueueService, "Estimating AWS KMS costs"."""
_TOKEN_SECONDS = 900
"""After which a process reads both versions of the token again (`endpoint.tokens`)."""
_ENVIRONMENT_SECONDS = 7_200
"""After which Lambda replaces an environment; AWS promises nothing, it lasts hours."""
_TABLE_BYTES, _TABLE_MONTHS = 150, 30 / 30.4
"""Of a delivered message in the table, and how long it stays there."""

_MILLION, _GB = 1e6, 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """So many billed units of one price. `setting` is the key of the deployment that decides it."""

    what: str
    price: PriceKey
    units: float
    setting: str


def usage_of(plan: RegionPlan) -> list[Usage]:
    """List everything that costs something; a call comes over one of the transports."""
    calls = plan.traffic.average_rps * MONTH_SECONDS
    queued = calls * queued_share(plan)
    used = [
        *_endpoint(plan, calls, queued),
        *(_worker(plan.delivery, plan, queued) if plan.delivery else ()),
        *_logs(plan, calls, queued),
        *(_https(plan.https, plan, calls) if plan.https else ()),
        Usage(
            what="data to your API",
            price="egress_gb",
            units=calls * plan.traffic.sent_bytes / _GB,
            setting="traffic.sent_bytes",
        ),
        *_standing(plan),
    ]
    return [it for it in used if it.units]


def queued_share(plan: RegionPlan) -> float:
    """Give the share of the calls, 0 to 1, whose message goes through the queue."""
    return plan.traffic.queued_percent / 100 if plan.queued or plan.overflowing else 0.0


def _endpoint(plan: RegionPlan, calls: float, queued: float) -> Iterator[Usage]:
    function = plan.endpoints[0].function
    seconds = ((calls - queued) * plan.traffic.inline_ms + queued * STORING_MS) / 1_000
    busy = seconds / MONTH_SECONDS
    warm = sum(it.function.provisioned_concurrency for it in plan.endpoints)
    served_warm = min(1.0, warm / busy)
    yield Usage(
        what="calls of the endpoint",
        price="lambda_requests",
        units=calls / _MILLION,
        setting="traffic.average_rps",
    )
    yield Usage(
        what="time of the endpoint",
        price=lambda_time_key(function.architecture),
        units=million_gb_seconds(function.memory_mb, seconds * (1 - served_warm)),
        setting="traffic.average_ms",
    )
    yield Usage(
        what="time when warm",
        price="provisioned_run_arm64" if _is_arm(function) else "provisioned_run_x86_64",
        units=million_gb_seconds(function.memory_mb, seconds * served_warm),
        setting="traffic.average_ms",
    )
    yield Usage(
        what="warm environments",
        price="provisioned_arm64" if _is_arm(function) else "provisioned_x86_64",
        units=million_gb_seconds(function.memory_mb, warm * MONTH_SECONDS),
        setting="function.provisioned_concurrency",
    )
    if function.snap_start and not function.runtime.startswith("java"):  # free with Java
        restored = len(plan.endpoints) * ceil(busy) * MONTH_SECONDS / _ENVIRONMENT_SECONDS
        yield Usage(
            what="snapshots kept",
            price="snap_start_cache",
            units=million_gb_seconds(function.memory_mb, len(plan.endpoints) * MONTH_SECONDS),
            setting="function.snap_start",
        )
        yield Usage(
            what="snapshots restored",
            price="snap_start_restore",
            units=restored * function.memory_mb / 1_024 / 1_000,
            setting="function.snap_start",
        )


def _worker(delivery: DeliveryPlan, plan: RegionPlan, queued: float) -> Iterator[Usage]:
    """Use what batches cost that are full; they are emptier where little is queued."""
    batches = queued / delivery.batch_size
    turns = ceil(delivery.batch_size / delivery.parallel)
    seconds = batches * turns * plan.traffic.delivery_ms / 1_000
    worker = delivery.worker
    yield Usage(
        what="calls of the worker",
        price="lambda_requests",
        units=batches / _MILLION,
        setting="queue.batch_size",
    )
    yield Usage(
        what="time of the worker",
        price=lambda_time_key(worker.architecture),
        units=million_gb_seconds(worker.memory_mb, seconds),
        setting="traffic.delivery_ms",
    )
    polls = max(_IDLE_POLLS, batches)
    yield Usage(
        what="requests of the queue",
        price="sqs_requests",
        units=(queued * SENDS_PER_MESSAGE + polls + batches) / _MILLION,  # each is deleted
        setting="processing",
    )
    directions = 2 * len(plan.endpoints) + 1
    yield Usage(
        what="requests of the key",
        price="kms_requests",
        units=directions * MONTH_SECONDS / _KEY_SECONDS / _MILLION,
        setting="queue.keep",
    )
    if delivery.deduplicate:
        yield Usage(
            what="deduplication: writes",
            price="table_writes",
            units=2 * queued / _MILLION,
            setting="delivery.deduplicate",
        )
        yield Usage(
            what="deduplication: table",
            price="table_gb_months",
            units=queued * _TABLE_MONTHS * _TABLE_BYTES / _GB,
            setting="delivery.deduplicate",
        )


def _logs(plan: RegionPlan, calls: float, queued: float) -> Iterator[Usage]:
    """Use what our package logs of calls without an error; another artifact logs what it likes."""
    if plan.function.integration is None:
        return
    written = written_bytes(plan, calls=calls, queued=queued)
    yield Usage(what="logs written", price="log_gb", units=written / _GB, setting="logs.sample")
    yield _kept("logs kept", plan.function, written)


def _https(https: HttpsPlan, plan: RegionPlan, calls: float) -> Iterator[Usage]:
    written = access_bytes(calls)
    yield Usage(
        what="calls of the HTTP API",
        price="api_requests",
        units=calls / _MILLION,
        setting="transports",
    )
    yield Usage(
        what="access log written", price="access_log_gb", units=written / _GB, setting="transports"
    )
    yield _kept("access log kept", https.function, written)
    environments = ceil(plan.traffic.average_rps * plan.traffic.inline_ms / 1_000)
    reads = 2 * environments * MONTH_SECONDS / _TOKEN_SECONDS
    yield Usage(
        what="reads of the token",
        price="secret_requests",
        units=reads / _MILLION,
        setting="transports",
    )


def _kept(what: str, function: FunctionPlan, written: float) -> Usage:
    months = function.log_retention_days / 30.4
    return Usage(
        what=what,
        price="log_gb_months",
        units=written * months * STORED_SHARE / _GB,
        setting="logs.retention_days",
    )


def _standing(plan: RegionPlan) -> Iterator[Usage]:
    """Use what costs the same without any traffic."""
    endpoints = len(plan.endpoints)
    queue, https = plan.delivery is not None, plan.https is not None
    silences = endpoints if plan.alarms.go_live else 0
    counts: dict[PriceKey, tuple[str, int]] = {
        "kms_keys": ("keys", 1 + queue + https),
        "metrics": ("metrics", (3 * endpoints + 5 if queue else 0) + (2 if https else 0)),
        "alarm_metrics": ("metrics of alarms", _alarm_metrics(plan) + silences),
        "composite_alarms": ("alarms over alarms", int(silences > 1)),
        "dashboards": ("dashboards", 1),
        "secrets": ("secrets", int(https)),
    }
    for price, (what, units) in counts.items():
        yield Usage(what=what, price=price, units=units, setting="transports")


def _alarm_metrics(plan: RegionPlan) -> int:
    """Count the metrics that the alarms look at, each of which is billed (`stacks/alarm_table`)."""
    functions = [it.function for it in plan.endpoints]
    count = 10 * len(functions) + 1
    count += sum(bool(it.reserved_concurrency) for it in functions)
    count += sum(bool(it.provisioned_concurrency) for it in functions)
    count += 8 if plan.https else 0
    count += len(functions) if plan.overflowing else 0
    return count + (10 + len(functions) if plan.delivery else 0)


def _is_arm(function: FunctionPlan) -> bool:
    return function.architecture == "arm64"
