"""One region's measurement, from the first version to the last one deleted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.progress import Steps
from local.function_environment import led_to
from ops.live.region import LiveRegion
from ops.tuning.measurement import WARM_UP, MeasuredSize, call_in_turns, measured_sizes
from ops.tuning.messages import sample_mix
from ops.tuning.versions import Tuning
from plan.prices import Prices
from probe.customer_settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is measured: sizes in MB, the calls of each, where they go, what they cost.

    `api` is put in place of the origin of every URL in the deployment's variables; none: they
    stay. `entered` are a test customer's settings.
    """

    sizes: Sequence[int]
    calls: int
    api: str | None
    entered: Settings
    prices: Prices


def tune_region(
    live: LiveRegion, wanted: Wanted, *, is_stopped: Callable[[], bool], progress: Steps
) -> list[MeasuredSize]:
    """Publish, call and delete; give what was measured, less of it once it is stopped."""
    function = live.endpoints[0]
    planned = live.plan.endpoints[0].function
    messages = sample_mix(live, wanted.calls + WARM_UP, wanted.entered)
    variables = led_to(wanted.api, planned.environment) if wanted.api else {}
    tuning = Tuning(live.session, function)
    with tuning.published(wanted.sizes, variables, is_stopped=is_stopped) as versions:
        calls = call_in_turns(
            live.session.client("lambda"),
            versions,
            messages,
            is_stopped=is_stopped,
            report=lambda done, total: progress.report(live.plan.region, done, total),
        )
    return measured_sizes(
        calls,
        region=live.plan.region,
        architecture=planned.architecture,
        prices=wanted.prices,
    )
