"""What AWS Support is told when it asks why: mParticle's own values, filled in from the plan."""

from __future__ import annotations

from plan.capacity import capacity_of
from plan.mparticle import MINIMUM_CONCURRENCY, REQUEST_DURATION_SECONDS
from plan.quotas import API_RATE_QUOTA, LAMBDA_CONCURRENCY_QUOTA
from plan.region_plan import RegionPlan

_USE_CASE = (
    "Use case: High volume function. mParticle, a customer data platform, forwards its customers'"
    f" events to this partner endpoint in real time. It requires at least {MINIMUM_CONCURRENCY:,}"
    " concurrent executions without throttling before it publishes the integration"
    " (docs.mparticle.com/developers/partners/outbound-integrations)."
)


def case_text(plan: RegionPlan) -> str:
    """Write the text of one region's support case, in the words of AWS's form."""
    capacity, traffic = capacity_of(plan), plan.traffic
    memory = max(it.function.memory_mb for it in plan.endpoints)
    source = "HTTP API" if plan.https else "direct invocation by mParticle's AWS accounts"
    lines = [
        f"Region: {plan.region}",
        f"Limit: Concurrent executions ({LAMBDA_CONCURRENCY_QUOTA}), new value {capacity.account}",
    ]
    if capacity.needed_api_rps is not None:
        lines.append(
            f"Limit: API Gateway throttle ({API_RATE_QUOTA}), new value {capacity.needed_api_rps}"
        )
    duration = f"{REQUEST_DURATION_SECONDS} s at most, {traffic.p99_ms} ms for 99 % of the requests"
    return "\n".join(
        [
            *lines,
            f"Average requests per second: {traffic.average_rps}",
            f"Peak requests per second: {traffic.peak_rps}",
            f"Expected duration: {duration}",
            f"Memory: {memory} MB",
            "Invocation type: Request-Response",
            f"Event source: {source}",
            _USE_CASE,
        ]
    )
