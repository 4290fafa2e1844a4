"""What the page shows of the session beside its messages."""

from __future__ import annotations

from typing import Any

import msgspec

from firehose.settings import TextSetting
from local.stand_in_doors import origins_of
from probe.customer_settings import registered_settings, settings_of
from workbench.studio.session import StudioSession


def state_of(session: StudioSession) -> dict[str, Any]:
    """Give the plan, what is wrong with the code, and how queue, circuit and services are."""
    stage = session.stage
    plan = stage.plan
    return {
        "session": session.id,
        "problem": stage.problem,
        "loads": stage.loads,
        "live": session.is_live,
        "waiting": len(stage.waiting),
        "circuits": stage.circuits,
        "disturbances": [msgspec.to_builtins(it) for it in session.disturbances.chosen],
        "integration": plan.function.integration,
        "region": plan.region,
        "regions": [
            {"name": it.region, "hosts": origins_of(it.function.environment)} for it in stage.plans
        ],
        "transports": [{"name": it.transport, "limit": it.limit_ms} for it in plan.endpoints],
        "queued": list(plan.queued),
        "overflowing": list(plan.overflowing),
        "overflow_ms": plan.delivery.overflow_ms if plan.delivery else None,
    }


def form_of_settings(session: StudioSession) -> list[dict[str, Any]]:
    """Give the fields that a customer fills in, with something fitting in each.

    Raises `NotLoaded`.
    """
    registration = session.stage.registration()
    fitting = settings_of(registration, {})
    return [
        {
            **msgspec.to_builtins(setting, enc_hook=str),
            "value": fitting[setting.id],
            "confidential": isinstance(setting, TextSetting) and setting.confidential,
        }
        for setting in {it.id: it for it in registered_settings(registration)}.values()
    ]
