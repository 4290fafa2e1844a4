"""A session whose AWS remembers what was done to it: what the embedded AWS lacks or forgives."""

from __future__ import annotations

from typing import Any, cast

from boto3.session import Session

from ops.live.region import LiveRegion
from plan.region_plan import RegionPlan
from tests.aws.codedeploy import FakeCodeDeploy
from tests.aws.functions import FakeLambda
from tests.aws.quotas import FakeQuotas
from tests.aws.roles import FakeIam
from tests.aws.secrets import FakeSecrets
from tests.aws.service import Service
from tests.aws.stacks import FakeCloudFormation
from tests.aws.watching import FakeKeys, FakeQueues, FakeTrail, FakeWatch


class FakeSession:
    """One region of one account; every client is made once and shares its state."""

    def __init__(self, region: str, *, checked: bool = True) -> None:
        self.region_name = region
        self.functions = FakeLambda(region, checked=checked)
        self.stacks = FakeCloudFormation(region, self.functions, checked=checked)
        self.rollouts = FakeCodeDeploy(self.functions, checked=checked)
        self.queues = FakeQueues(checked=checked)
        self.watch = FakeWatch(checked=checked)
        self.iam = FakeIam(checked=checked)
        self.trail = FakeTrail(checked=checked)
        self.secrets = FakeSecrets()
        self.keys = FakeKeys(checked=checked)
        self._clients: dict[str, Service] = {
            "lambda": self.functions,
            "cloudformation": self.stacks,
            "codedeploy": self.rollouts,
            "sqs": self.queues,
            "cloudwatch": self.watch,
            "kms": self.keys,
            "iam": self.iam,
            "cloudtrail": self.trail,
            "secretsmanager": self.secrets,
            "service-quotas": FakeQuotas(checked=checked),
        }

    @property
    def calls(self) -> list[str]:
        """Every call of every service, by its operation."""
        return [call for client in self._clients.values() for call in client.calls]

    def ring(self, logical_id: str, description: str) -> None:
        """Let an alarm of the region's stack be in state ALARM."""
        self.stacks.alarms.append(logical_id)
        self.watch.ringing[f"made-up-{logical_id}"] = description

    def forget_calls(self) -> None:
        for client in self._clients.values():
            client.calls.clear()

    def client(self, service_name: str, config: object = None) -> Any:
        return self._clients[service_name]

    def live(self, plan: RegionPlan) -> LiveRegion:
        """Read the region as the commands do."""
        return LiveRegion(self.as_session(), plan)

    def as_session(self) -> Session:
        """Give it as what the commands take."""
        return cast("Session", self)
