"""One region: the function mParticle invokes, who may invoke it, the queue, the alarms, the ARN."""

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
from stacks.queue_worker import QueueWorker
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
        delivery = self._delivery(plan)
        endpoint = EndpointFunction(
            self,
            "Endpoint",
            plan=plan.function,
            environment=_contract(plan, delivery),
        )
        if delivery:
            delivery.grant_accept(endpoint.role)
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

    def _delivery(self, plan: RegionPlan) -> QueueWorker | None:
        """Build the queue and its worker, if something is queued."""
        integration = plan.function.integration
        if plan.delivery is None or integration is None:
            return None
        delivery = QueueWorker(self, "Delivery", plan=plan.delivery, integration=integration)
        for output, queue, description in (
            (names.QUEUE_URL_OUTPUT, delivery.queue, "Where accepted messages wait"),
            (
                names.DEAD_LETTER_QUEUE_URL_OUTPUT,
                delivery.dead_letters,
                "Where undeliverable messages are kept, each with its reason",
            ),
        ):
            CfnOutput(self, output, value=queue.queue_url, description=description)
        return delivery


def _contract(plan: RegionPlan, delivery: QueueWorker | None) -> dict[str, str]:
    """Give the variables of our package; another artifact has none."""
    if plan.function.integration is None:
        return {}
    settings = Settings(
        integration=plan.function.integration,
        queued=plan.delivery.queued if plan.delivery else (),
        queue_url=delivery.queue.queue_url if delivery else "",
    )
    return settings.to_environment()
