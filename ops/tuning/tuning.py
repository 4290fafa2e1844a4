"""One region's measurement, from the first version to the last one deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from console.progress import Steps
from local.function_environment import led_to
from ops.live.region import LiveRegion
from ops.tuning.measurement import WARM_UP, MeasuredSize, call_in_turns, measured_sizes
from ops.tuning.messages import sample_mix
from ops.tuning.versions import Tuning
from plan.prices import Prices
from probe.customer_settings import Settings


def tune_region(
    live: LiveRegion,
    *,
    sizes: Sequence[int],
    calls: int,
    api: str | None,
    entered: Settings,
    prices: Prices,
    is_stopped: Callable[[], bool],
    progress: Steps,
) -> list[MeasuredSize]:
    """Publish, call and delete a version of each size, in MB; give what was measured.

    `calls` counts those of each, `entered` are a test customer's settings. `api` is put in place
    of the origin of every URL in the deployment's variables; none: they stay. What was measured is
    less once it is stopped.
    """
    function = live.endpoints[0]
    planned = live.plan.endpoints[0].function
    messages = sample_mix(live, calls + WARM_UP, entered)
    variables = led_to(api, planned.environment) if api else {}
    tuning = Tuning(live.session, function)
    with tuning.published(sizes, variables, is_stopped=is_stopped) as versions:
        made = call_in_turns(
            live.session.client("lambda"),
            versions,
            messages,
            is_stopped=is_stopped,
            report=lambda done, total: progress.report(live.plan.region, done, total),
        )
    return measured_sizes(
        made, region=live.plan.region, architecture=planned.architecture, prices=prices
    )
