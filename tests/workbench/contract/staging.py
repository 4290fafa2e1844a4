"""Stages in this process, and checks as they are run on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from probe.endpoint_check import Check, Result, Stage
from probe.time_check import TimeCheck
from workbench.contract.contract_checks import CHECKS, run
from workbench.contract.stage_in_process import stage_in_process

URL = {"PARTNER_API_URL": "https://api.acme.example"}
QUEUED = {"events": "queued", "audiences": "queued", "dsr": "queued"}
INLINE = {"events": "inline", "audiences": "inline", "dsr": "inline"}


def named(name: str) -> Check:
    """Find a check; calls come at 200 a second, on a machine that has nothing else to do."""
    (found,) = (check for check in CHECKS if check.name == name)
    is_timed = isinstance(found, TimeCheck)
    return TimeCheck(rate=200.0, load=lambda: 0.0) if is_timed else found


def result(check: Check, on: Stage) -> Result:
    ((outcome),) = run([check], on)
    return outcome.result


@contextmanager
def in_process(integration: str, processing: dict[str, str]) -> Iterator[Stage]:
    with stage_in_process(planned(integration, processing), entered={}) as made:
        yield made


def planned(integration: str, processing: dict[str, str]) -> RegionPlan:
    deployment = {
        "name": "acme",
        "pods": ["EU1"],
        "code": {"integration": f"tests.workbench.contract.partner:{integration}"},
        "function": {"timeout_seconds": 2},
        "environment": URL,
        "processing": processing,
    }
    (plan,) = regions(Deployment.model_validate(deployment), AWS)
    return plan
