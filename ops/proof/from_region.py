"""Answer times of a region's endpoints, measured by a function of ours inside the region."""

from __future__ import annotations

import json
import math
import time
from bisect import bisect
from collections.abc import Callable, Sequence
from concurrent.futures import wait
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any

from cloud.regions import started
from console.exit_codes import CommandError
from console.progress import Steps
from ops.live.region import LiveRegion
from ops.proof.latency_check import Measured, loadable_stages
from ops.proof.probe_function import probe_function
from plan.quotas import LONGEST_CALL_SECONDS
from probe.check_requests import request_named
from probe.customer_settings import Settings, with_settings
from probe.endpoint_check import Stage
from probe.https_endpoint import HttpsEndpoint, path_of
from probe.lambda_endpoint import LambdaEndpoint
from probe.load_schedule import LoadSchedule
from probe.timed_calls import TimedCall

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

CALLS_A_SECOND = 100
"""Of one environment of the probe, which has one processor; a larger load has several."""
MOST_CALLS = 40_000
"""Of one environment: each takes up to 120 bytes of its answer, for which Lambda has 6 MB."""
_HEAD_START_SECONDS = 5.0
"""In which every environment starts, so that they call together."""
_LOOK_SECONDS = 0.2


def environments_of(schedule: LoadSchedule) -> int:
    """Count the environments of the probe that a load needs."""
    fastest = max(schedule.first_rate, schedule.last_rate)
    return math.ceil(max(fastest / CALLS_A_SECOND, schedule.calls / MOST_CALLS))


def measure_from_region(
    live: LiveRegion, *, entered: Settings, schedule: LoadSchedule, stop: Event, progress: Steps
) -> list[Measured]:
    """Load every endpoint of a region from inside it, one after another; nothing when stopped."""
    from botocore.config import Config  # noqa: PLC0415 - see cloud.regions

    plan, session = live.plan, live.session
    stages = loadable_stages(live, entered)
    arns = [it.endpoint.arn for it in stages if isinstance(it.endpoint, LambdaEndpoint)]
    client = session.client(
        "lambda",
        config=Config(
            max_pool_connections=environments_of(schedule),
            read_timeout=LONGEST_CALL_SECONDS,
            retries={"mode": "standard", "total_max_attempts": 1},
            tcp_keepalive=True,
        ),
    )
    measured: list[Measured] = []
    with probe_function(session, plan.name, invokes=arns, stop=stop) as function:
        for stage in stages:
            if stop.is_set():
                return []
            calls = _load(
                partial(_invoke, client, function, plan.region),
                _events(stage, schedule),
                due=schedule.due(),
                stop=stop,
                report=partial(progress.report, plan.region),
            )
            place = f"inside {plan.region}"
            measured.append(Measured.of(stage, schedule, calls, measured_from=place))
    return [] if stop.is_set() else measured


def _load(
    invoke: Callable[[dict[str, Any]], list[dict[str, Any]]],
    events: Sequence[dict[str, Any]],
    *,
    due: Sequence[float],
    stop: Event,
    report: Callable[[int, int], None],
) -> list[TimedCall]:
    """Invoke the probe once for each part of the load, all together, and put them together."""
    invoke({**events[0], "due": [], "start": 0.0})  # returns once it may call
    begun = time.time() + _HEAD_START_SECONDS
    running = [started(invoke, {**event, "start": begun}) for event in events]
    while wait(running, timeout=_LOOK_SECONDS).not_done and not stop.is_set():
        report(min(bisect(due, time.time() - begun), len(due) - 1), len(due))
    if stop.is_set():
        return []
    calls = [TimedCall(**it) for part in running for it in part.result()]
    report(len(calls), len(due))
    return sorted(calls, key=lambda it: it.due_seconds)


def _events(stage: Stage, schedule: LoadSchedule) -> list[dict[str, Any]]:
    """Share the calls of a load evenly among the environments of the probe."""
    due = schedule.due()
    parts = environments_of(schedule)
    common = {
        "message": with_settings(request_named(stage.main_type), stage.settings),
        "answer": stage.main_type.replace("_request", "_response"),
        **_target(stage),
    }
    return [{**common, "due": due[part::parts]} for part in range(parts)]


def _target(stage: Stage) -> dict[str, Any]:
    endpoint = stage.endpoint
    if isinstance(endpoint, LambdaEndpoint):
        return {"arn": endpoint.arn}
    assert isinstance(endpoint, HttpsEndpoint)  # noqa: S101 - the only other one
    return {"url": f"{endpoint.called}/{path_of(stage.main_type)}", "token": endpoint.token}


def _invoke(
    client: LambdaClient, function: str, region: str, event: dict[str, Any]
) -> list[dict[str, Any]]:
    """Run one part of the load; the answer names no message and no token, an error its class."""
    response = client.invoke(FunctionName=function, Payload=json.dumps(event).encode())
    content = json.loads(response["Payload"].read())
    if response.get("FunctionError"):
        raise CommandError(
            f"{region}: the probe failed: {content.get('errorType')}",
            next_step="measure without --from-region, or at a lower rate",
        )
    calls: list[dict[str, Any]] = content
    return calls
