"""What the measured versions are sent: the requests that mParticle would send this integration."""

from __future__ import annotations

from itertools import islice
from typing import Any

from console.exit_codes import CommandError
from firehose import InvalidMessage, ModuleRegistrationResponse, decode
from ops.live.region import LiveRegion
from plan.region_plan import RegionPlan
from probe.customer_settings import Settings, with_settings
from probe.deployed_stages import endpoints_of, registration_of
from probe.sample_messages import SampleKind, sample_messages
from probe.sample_shape import SampleShape

SEED = 1
"""So that two runs send the same messages."""


def sample_mix(live: LiveRegion, count: int, entered: Settings) -> list[dict[str, Any]]:
    """Make so many requests of the families that are answered inline, as the integration registers.

    The people in them are made up; `entered` are a test customer's settings. Raises `CommandError`
    where every family goes straight to the queue.
    """
    registration = _registered(live)
    kinds = _inline_kinds(live.plan, registration)
    if not kinds:
        raise CommandError(
            f"{live.plan.region}: every message goes straight to the queue, so the function does"
            " no work of the integration's",
            next_step="tune a family that is inline or overflows",
        )
    shape = SampleShape.of(registration)
    settings = dict(shape.settings) | dict(entered)
    return [
        with_settings(message, settings)
        for message in islice(sample_messages(kinds, seed=SEED, shape=shape), count)
    ]


def _registered(live: LiveRegion) -> ModuleRegistrationResponse:
    endpoint = endpoints_of(live.session, live.stack)[0]
    try:
        registration = decode(registration_of(endpoint))
    except (InvalidMessage, TypeError):
        registration = None
    if isinstance(registration, ModuleRegistrationResponse):
        return registration
    raise CommandError(
        f"{live.plan.region}: the endpoint's registration cannot be read",
        next_step=f"firehose verify --region {live.plan.region}",
    )


def _inline_kinds(plan: RegionPlan, registration: ModuleRegistrationResponse) -> list[SampleKind]:
    registered = {
        "events": (SampleKind.EVENTS, registration.event_processing_registration),
        "audiences": (SampleKind.MEMBERSHIP, registration.audience_processing_registration),
        "dsr": (SampleKind.ERASURE, registration.dsr_processing_registration),
    }
    return [kind for family, (kind, it) in registered.items() if it and family not in plan.queued]
