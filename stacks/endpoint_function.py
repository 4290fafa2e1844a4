"""The function that mParticle invokes, behind the alias whose ARN mParticle is given."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan import names
from plan.region_plan import FunctionPlan
from stacks.packaged_function import PackagedFunction


class EndpointFunction(PackagedFunction):
    """A packaged function with a retained version behind an alias, which it exposes as `alias`."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plan: FunctionPlan,
        environment: Mapping[str, str],
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            plan=plan,
            description="Answers mParticle's Firehose requests",
            environment=environment,
        )
        self.alias = lambda_.Alias(
            self,
            "Alias",
            alias_name=names.ALIAS,
            version=self.function.current_version,
            provisioned_concurrent_executions=plan.provisioned_concurrency or None,
        )
