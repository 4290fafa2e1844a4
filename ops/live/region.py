"""What one region has, and how it compares with its plan: the one object that commands ask."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from cloud.queues import QueueDepths, QueueUrls, queue_urls, read_depths
from cloud.stack import (
    DeployedStack,
    StackResource,
    TaggedStack,
    not_deployed,
    read_resources,
    read_stack,
    tagged_stacks,
)
from console.exit_codes import CommandError
from ops.live.alarms import RingingAlarm, ringing_alarms
from ops.live.differences import Difference, differences_of_functions, differences_of_grants
from ops.live.functions import LiveFunction, read_functions
from ops.live.grants import Grant, grants_of_alias, grants_past_alias
from ops.live.metrics import RecentMetrics, recent_metrics
from ops.live.rollouts import rollouts_under_way
from plan.names import ALIAS, QUEUE_URL_OUTPUT
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

HTTP_API = "AWS::ApiGatewayV2::Api"


class LiveRegion:
    """One region at one moment. Each part is read when it is first asked for, and only once.

    After a change, make another: this one tells what was live before. What needs a stack raises
    `CommandError` with exit code 4 where there is none. For one thread.
    """

    def __init__(self, session: Session, plan: RegionPlan) -> None:
        self.session = session
        self.plan = plan

    @cached_property
    def found_stack(self) -> DeployedStack | None:
        """The region's stack; none where there is none."""
        return read_stack(self.session, self.plan)

    @property
    def stack(self) -> DeployedStack:
        """The region's stack, where there has to be one."""
        if self.found_stack is None:
            raise self._missing()
        return self.found_stack

    @cached_property
    def neighbours(self) -> tuple[TaggedStack, ...]:
        """The stacks of other deployments in the region; one may be this one under an old name."""
        found = tagged_stacks(self.session)
        return tuple(it for it in found if it.deployment != self.plan.name)

    def _missing(self) -> CommandError:
        others = "".join(
            f"; {it.name} of the deployment {it.deployment} does" for it in self.neighbours
        )
        return not_deployed(self.plan, f"the stack does not exist{others}")

    @cached_property
    def resources(self) -> Sequence[StackResource]:
        """What exists of the stack; nothing where there is none."""
        return read_resources(self.session, self.found_stack) if self.found_stack else ()

    def physical_ids(self, kind: str) -> list[str]:
        """Give the physical ids of the stack's resources of one type of CloudFormation's."""
        if self.found_stack is None:
            raise self._missing()
        return [it.physical_id for it in self.resources if it.kind == kind]

    @cached_property
    def _functions(self) -> tuple[LiveFunction, ...]:
        return read_functions(self.session, self.plan, self.resources)

    @property
    def functions(self) -> tuple[LiveFunction, ...]:
        """Every function with an alias: the endpoints', then the worker's; at least one."""
        stack = self.stack
        if not self._functions:
            raise not_deployed(self.plan, f"the stack has no alias {ALIAS}", rule=stack.rule)
        return self._functions

    @property
    def versions(self) -> dict[str, int]:
        """The version that each function serves, by its name; none before the first deployment."""
        return {it.name: it.current.number for it in self._functions}

    @property
    def endpoints(self) -> tuple[LiveFunction, ...]:
        """The functions that mParticle waits for."""
        return tuple(it for it in self.functions if it.role != "worker")

    @property
    def invoked(self) -> LiveFunction | None:
        """The function that mParticle's accounts invoke; none with HTTPS alone."""
        return next((it for it in self.functions if it.role == "lambda"), None)

    @cached_property
    def grants(self) -> tuple[Grant, ...]:
        """Who may invoke what mParticle invokes; nobody with HTTPS alone."""
        return grants_of_alias(self.session, self.invoked.name) if self.invoked else ()

    @cached_property
    def grants_past_alias(self) -> tuple[Grant, ...]:
        """Who may invoke the function itself, past the alias: nobody should."""
        return grants_past_alias(self.session, self.invoked.name) if self.invoked else ()

    @cached_property
    def rollouts(self) -> tuple[str, ...]:
        """The ids of the gradual rollouts that are under way."""
        return rollouts_under_way(self.session, self.resources)

    @property
    def queues(self) -> QueueUrls | None:
        """Where the queues are; none where the stack has none."""
        return queue_urls(self.stack) if QUEUE_URL_OUTPUT in self.stack.outputs else None

    @cached_property
    def depths(self) -> QueueDepths | None:
        """How much waits; none where the stack has no queue."""
        return read_depths(self.session, self.queues) if self.queues else None

    @cached_property
    def ringing(self) -> tuple[RingingAlarm, ...]:
        """The alarms that are in state ALARM."""
        return ringing_alarms(self.session, self.resources)

    @cached_property
    def metrics(self) -> RecentMetrics:
        """What CloudWatch measured of functions, queue and HTTP API in the last three hours."""
        return recent_metrics(
            self.session,
            {function.name: function.role for function in self.functions},
            queue=self.queues.queue_name if self.queues else None,
            api=next(iter(self.physical_ids(HTTP_API)), None),
        )

    @cached_property
    def function_differences(self) -> tuple[Difference, ...]:
        """Where the functions are not what was planned or deployed last."""
        is_rolling_out = bool(self.rollouts)
        return differences_of_functions(self.plan, self.functions, is_rolling_out=is_rolling_out)

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """Where anything is not what was planned or deployed last; reads who may invoke, too."""
        return self.function_differences + differences_of_grants(
            self.plan, grants=self.grants, past_alias=self.grants_past_alias
        )
