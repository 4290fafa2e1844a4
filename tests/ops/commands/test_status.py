"""What `firehose status` reads of a region, and what it makes of it."""

from __future__ import annotations

from dataclasses import replace

from ops.commands.status import read_now
from ops.live.region import LiveRegion
from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from tests.aws.functions import Configuration
from tests.aws.session import FakeSession
from tests.aws.stacks import FunctionTemplate

MOST_CALLS = 12


def both_transports() -> RegionPlan:
    deployment = {"name": "acme", "pods": ["EU1"], "transports": ["lambda", "https"]}
    (plan,) = regions(Deployment.model_validate(deployment), AWS)
    return plan


def test_status_of_a_region_with_every_part_takes_at_most_twelve_calls() -> None:
    plan = both_transports()
    session = FakeSession(plan.region)
    session.stacks._has_queues = True
    sizes = {"acme-firehose": 1024, "acme-Https-1": 1024, "acme-firehose-worker": 512}
    template = {
        name: FunctionTemplate(configuration=Configuration("one", memory_mb))
        for name, memory_mb in sizes.items()
    }
    session.stacks._deploy(plan.stack_name, template)

    live = read_now(LiveRegion(session.as_session(), replace(plan, complete=False)))

    assert live.function_differences == ()
    assert [it.role for it in live.functions] == ["lambda", "https", "worker"]
    assert live.depths
    assert len(session.calls) <= MOST_CALLS, session.calls
