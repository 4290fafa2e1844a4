"""One region: the function mParticle invokes, who may invoke it, the alarms, the ARN."""

from __future__ import annotations

from aws_cdk import CfnOutput, Environment, Stack
from constructs import Construct

from endpoint.settings import Settings
from plan import names
from plan.regions import RegionPlan
from stacks.alarm_topic import AlarmTopic
from stacks.embedded_aws import leave_out_unsupported
from stacks.endpoint_function import EndpointFunction
from stacks.mparticle_access import MParticleAccess
from stacks.throttle_alarms import ThrottleAlarms


class EndpointStack(Stack):
    """Everything of one region; it refers to no other stack."""

    def __init__(
        self, scope: Construct, construct_id: str, *, plan: RegionPlan, env: Environment
    ) -> None:
        super().__init__(
            scope,
            construct_id,
            env=env,
            description=f"mParticle Firehose endpoint for {', '.join(plan.pods)}",
            termination_protection=plan.termination_protection,
            tags=dict(plan.tags),
        )
        endpoint = EndpointFunction(
            self,
            "Endpoint",
            plan=plan.function,
            environment=_contract(plan.function.integration),
        )
        MParticleAccess(
            self, "MParticleAccess", alias=endpoint.alias, accounts=plan.invoking_accounts
        )
        alarm_topic = AlarmTopic(self, "AlarmTopic", email=plan.alarm_email)
        ThrottleAlarms(self, "ThrottleAlarms", alias=endpoint.alias, action=alarm_topic.action)
        CfnOutput(
            self,
            names.FUNCTION_ARN_OUTPUT,
            value=endpoint.alias.function_arn,
            description="What mParticle is given for the pods of this region",
        )
        if not plan.complete:
            leave_out_unsupported(self)


def _contract(integration: str | None) -> dict[str, str]:
    return Settings(integration=integration).to_environment() if integration else {}
