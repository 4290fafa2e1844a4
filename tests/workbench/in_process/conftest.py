"""An integration of a test's own, loaded into this process in front of a stand-in."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from local.function_environment import led_to
from local.stand_in import StandIn
from plan.region_plan import RegionPlan
from tests.workbench.partner_code import importable, planned
from workbench.in_process_endpoint import InProcessEndpoint, in_environment
from workbench.pace import AS_DEPLOYED, Pace

Loaded = Callable[..., AbstractContextManager[InProcessEndpoint]]
CALLS_ITS_API = """
    URL = os.environ["ACME_URL"]  # read while the code is loaded, as many do

    def process_event_processing_request(self, request):
        post(f"{self.URL}/events", b"{}")
        return super().process_event_processing_request(request)

    def process_audience_membership_change_request(self, request):
        status = post(f"{self.URL}/audiences", b"{}")
        if status == 401:
            raise InvalidCredentials("no")
        if status >= 400:
            raise RetryableError("later", retry_after_seconds=60)
        return super().process_audience_membership_change_request(request)
"""


def loaded_from(
    plan: RegionPlan, partner: StandIn, pace: Pace = AS_DEPLOYED
) -> AbstractContextManager[InProcessEndpoint]:
    """Load what a plan names, with the partner's stand-in behind every URL of its environment."""
    environment = led_to(partner.url, plan.function.environment)
    return in_environment(plan, environment, leaves_machine=False, pace=pace)


def waiting(endpoint: InProcessEndpoint) -> int:
    """Count what has not been delivered; dead letters do not count."""
    return len(endpoint.worker.waiting) if endpoint.worker else 0


@pytest.fixture
def loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, partner: StandIn) -> Loaded:
    """Load `ours.py` with the hooks for the length of a block, by choices of a deployment file."""

    def load(
        hooks: str = CALLS_ITS_API, *, pace: Pace = AS_DEPLOYED, **choices: Any
    ) -> AbstractContextManager[InProcessEndpoint]:
        integration = importable(tmp_path, hooks, monkeypatch, name="ours")
        environment = {"environment": {"ACME_URL": "https://api.acme.example/v1"}}
        return loaded_from(planned(integration, **{**environment, **choices}), partner, pace)

    return load
