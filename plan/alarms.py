"""When a region's alarms fire, what they mean and what to do; `docs/runbook.md` says more."""

from __future__ import annotations

from plan import mparticle
from plan.alarm_rule import HOUR, MINUTE, QUARTER, AlarmRule, Severity
from plan.quotas import API_RATE_QUOTA, IN_FLIGHT_MESSAGES

ENOUGH_CALLS = 100
"""Fewer calls a minute say nothing of a percentile: one slow call alone would be above 1 %."""

_MORE_ROOM = (
    "Compare concurrent executions with the reservation and the account's limit, and ask AWS for"
    " half more than the highest number of throttles seen."
)

THROTTLED_SHARE = AlarmRule(
    title="Throttled share",
    severity=Severity.PAGE,
    meaning="At least 1 % of mParticle's calls are throttled.",
    action=_MORE_ROOM,
    comparison=">=",
    threshold=1,
    unit="%",
)
ANY_THROTTLE = AlarmRule(
    title="Any throttle",
    severity=Severity.TICKET,
    meaning="A call of mParticle's was throttled.",
    action=_MORE_ROOM,
    comparison=">=",
    threshold=1,
    unit="calls",
    period_seconds=QUARTER,
    periods=1,
    breaches=1,
)
FUNCTION_THROTTLE = AlarmRule(
    title="Function throttle",
    severity=Severity.TICKET,
    meaning="A call of the function was throttled, through the alias or around it.",
    action="If the alias has no throttles, find who calls the function without it.",
    comparison=">",
    threshold=0,
    unit="calls",
    period_seconds=5 * MINUTE,
    periods=1,
    breaches=1,
)
ERRORS = AlarmRule(
    title="Errors",
    severity=Severity.PAGE,
    meaning="At least 1 % of mParticle's calls end in a function error.",
    action="Read the function's log for the error's class; if a release is recent, go back.",
    comparison=">=",
    threshold=1,
    unit="%",
)
SILENCE = AlarmRule(
    title="Silence",
    severity=Severity.PAGE,
    meaning="mParticle has not called for an hour, though it also sends idle requests.",
    action="Check that the alias still grants mParticle's accounts (firehose verify), then ask.",
    comparison="<",
    threshold=1,
    unit="calls",
    period_seconds=HOUR,
    periods=1,
    breaches=1,
    missing="breaching",
)
SILENT_ENDPOINT = (
    "Tells nobody by itself: one of the region's endpoints was not called for an hour. When none"
    " is, the alarm on the silence of the region rings."
)
"""What stands on the alarm of one endpoint among several."""
PROVISIONED_SPILL_OVER = AlarmRule(
    title="Provisioned spill-over",
    severity=Severity.TICKET,
    meaning="Calls went beyond the environments kept warm and may have started cold.",
    action="Raise function.provisioned_concurrency, or accept the cold starts.",
    comparison=">",
    threshold=0,
    unit="calls",
)
QUEUE_AGE = AlarmRule(
    title="Queue age",
    severity=Severity.PAGE,
    meaning="The oldest accepted message has waited for more than 5 minutes.",
    action="See whether the partner's API fails or the worker is at its maximum concurrency.",
    comparison=">",
    threshold=300,
    unit="s",
)
CIRCUIT = AlarmRule(
    title="Circuit",
    severity=Severity.TICKET,
    meaning="For an hour, messages were queued untried: the partner's API fails or is too slow.",
    action="Make the API faster than the budget, or the budget longer, or queue the family.",
    comparison=">",
    threshold=0,
    unit="messages",
    period_seconds=QUARTER,
    periods=4,
    breaches=4,
)
DEAD_LETTERS = AlarmRule(
    title="Dead letters",
    severity=Severity.TICKET,
    meaning="A message could not be delivered and lies in the dead-letter queue.",
    action="Read its reason, mend the cause, and send it again before its retention ends.",
    comparison=">",
    threshold=0,
    unit="messages",
    period_seconds=5 * MINUTE,
    periods=1,
    breaches=1,
)
ACCOUNTING = AlarmRule(
    title="Accounting",
    severity=Severity.PAGE,
    meaning="Accepted messages were neither delivered nor given up, and no queue holds them.",
    action="Stop what deletes messages, then ask mParticle to send that hour again.",
    comparison=">",
    threshold=0,
    unit="messages",
    period_seconds=HOUR,
    # The second is what DIFF needs to see the first.
    periods=2,
    breaches=1,
)
IN_FLIGHT = AlarmRule(
    title="In flight",
    severity=Severity.PAGE,
    meaning="The queue comes near the number of messages that SQS holds in flight.",
    action="Beyond it the queue stalls for everybody: lower the worker's maximum concurrency.",
    comparison=">",
    threshold=IN_FLIGHT_MESSAGES * 7 // 10,
    unit="messages",
)
API_ERRORS = AlarmRule(
    title="API errors",
    severity=Severity.PAGE,
    meaning="At least 1 % of mParticle's requests are answered with a status of 500 or more.",
    action="A 503 means that the queue or the token cannot be reached; otherwise read the log.",
    comparison=">=",
    threshold=1,
    unit="%",
)
API_LATENCY = AlarmRule(
    title="API latency",
    severity=Severity.TICKET,
    meaning="The slowest 1 % of the requests take longer than 80 of mParticle's 100 ms.",
    action="Compare with the function's duration: the rest is API Gateway's and cold starts.",
    comparison=">",
    threshold=80,
    unit="ms",
    periods=15,
    breaches=10,
)
API_THROTTLE = AlarmRule(
    title="API throttle",
    severity=Severity.TICKET,
    meaning="A request was answered with 429, by the API's throttle or the account's.",
    action=f"Raise https.requests_per_second, or ask AWS for more (API Gateway, {API_RATE_QUOTA}).",
    comparison=">",
    threshold=0,
    unit="requests",
    period_seconds=QUARTER,
    periods=1,
    breaches=1,
)
UNAUTHORIZED = AlarmRule(
    title="Unauthorized",
    severity=Severity.PAGE,
    meaning="At least 10 % of the requests are answered with 401, which mParticle never repeats.",
    action="Store mParticle's present token at once (firehose token store).",
    comparison=">=",
    threshold=10,
    unit="%",
)
ANY_UNAUTHORIZED = AlarmRule(
    title="Any unauthorized",
    severity=Severity.TICKET,
    meaning="A request was answered with 401; anybody can cause that, mParticle among them.",
    action="Compare the time with mParticle's calls; was it mParticle's, store its present token.",
    comparison=">",
    threshold=0,
    unit="requests",
    period_seconds=QUARTER,
    periods=1,
    breaches=1,
)


def slow_answers(limit_ms: int) -> AlarmRule:
    """Give the rule of mParticle's demand: 99 % of the calls within a limit."""
    return AlarmRule(
        title="Slow answers",
        severity=Severity.PAGE,
        meaning=(
            f"Fewer than {mparticle.ANSWERED_IN_TIME_PERCENT} % of the calls end within"
            f" {limit_ms} ms, as mParticle demands."
        ),
        action="Look at the partner's API first; queue what need not be done at once.",
        comparison="<",
        threshold=mparticle.ANSWERED_IN_TIME_PERCENT,
        unit="%",
    )


def slow_trend(limit_ms: int) -> AlarmRule:
    """Give the early warning: a p99 above three quarters of mParticle's limit."""
    warning_ms = limit_ms * 3 // 4
    return AlarmRule(
        title="Slow trend",
        severity=Severity.TICKET,
        meaning=f"The p99 has stayed above {warning_ms} of mParticle's {limit_ms} ms.",
        action="Find what grew, while there is time.",
        comparison=">",
        threshold=warning_ms,
        unit="ms",
        periods=15,
        breaches=10,
    )


def head_room(reserved: int) -> AlarmRule:
    """Give the rule about a function's own reservation."""
    return AlarmRule(
        title="Head-room",
        severity=Severity.TICKET,
        meaning=f"70 % of the {reserved:,} reserved concurrent executions were in use.",
        action="Raise function.reserved_concurrency before the rest is gone; see firehose plan.",
        comparison=">=",
        threshold=_part(reserved),
        unit="executions",
    )


def account_head_room(*, limit: int, reserved: int) -> AlarmRule:
    """Give the rule about the account's limit, of which some is `reserved` and always claimed."""
    return AlarmRule(
        title="Account head-room",
        severity=Severity.TICKET,
        meaning=(
            f"70 % of what the account's limit of {limit:,} leaves beside the {reserved:,} reserved"
            " are claimed."
        ),
        action="Find the functions that grew, and ask AWS for a higher limit.",
        comparison=">=",
        threshold=reserved + _part(max(0, limit - reserved)),
        unit="executions",
    )


def _part(number: int) -> int:
    return -(-number * 7 // 10)
