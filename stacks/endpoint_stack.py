"""One region: what mParticle calls, who may call it, the queue behind it, alarms, outputs."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import Annotations, CfnOutput, Environment, Stack
from constructs import Construct

from endpoint.settings import Settings
from plan import names
from plan.fields import TransportName
from plan.region_plan import LeftOut, RegionPlan
from plan.rollout import ALL_AT_ONCE
from stacks.alarm_topic import AlarmTopic
from stacks.embedded_aws import leave_out_unsupported
from stacks.gradual_rollout import GradualRollout
from stacks.http_endpoint import HttpEndpoint
from stacks.mparticle_access import MParticleAccess
from stacks.packaged_function import ENDPOINT_DESCRIPTION, PackagedFunction, sampling_of
from stacks.queue_worker import QueueWorker
from stacks.region_alarms import RegionAlarms
from stacks.region_dashboard import RegionDashboard


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
        settings = _settings(plan, delivery)
        https = None
        called: dict[TransportName, PackagedFunction] = {}
        if plan.invoked:
            called["lambda"] = endpoint = PackagedFunction(
                self,
                "Endpoint",
                plan=plan.invoked,
                description=ENDPOINT_DESCRIPTION,
                environment=settings.to_environment() if settings else {},
            )
            MParticleAccess(
                self, "MParticleAccess", alias=endpoint.alias, accounts=plan.invoking_accounts
            )
            self._output(
                names.FUNCTION_ARN_OUTPUT,
                endpoint.alias.function_arn,
                "What mParticle is given for the pods of this region",
            )
        if plan.https and settings:
            https = HttpEndpoint(self, "Https", plan=plan.https, settings=settings)
            called["https"] = https.function
            self._https_outputs(https)
        if delivery:
            for function in called.values():
                delivery.grant_accept(function.role)
        topic = AlarmTopic(self, "AlarmTopic", recipients=plan.alarms, name=plan.stack_name)
        alarms = RegionAlarms(
            self,
            "Alarms",
            plan=plan,
            called=called,
            https=https,
            delivery=delivery,
            action=topic.action,
        )
        if plan.rollout != ALL_AT_ONCE:
            for transport, function in called.items():
                GradualRollout(
                    self,
                    "Rollout" if transport == "lambda" else "HttpsRollout",
                    alias=function.alias,
                    strategy=plan.rollout,
                    alarms=alarms.pages[transport],
                )
        if not plan.complete:  # before anything refers to what is left out
            leave_out_unsupported(self)
        RegionDashboard(
            self,
            "Dashboard",
            plan=plan,
            called=called,
            https=https,
            delivery=delivery,
            alarms=alarms.made,
        )
        self._tell_what_is_left_out(plan.left_out)

    def _delivery(self, plan: RegionPlan) -> QueueWorker | None:
        """Build the queue and its worker, if something can come to it."""
        integration = plan.function.integration
        if plan.delivery is None or integration is None:
            return None
        delivery = QueueWorker(self, names.DELIVERY, plan=plan.delivery, integration=integration)
        self._output(
            names.QUEUE_URL_OUTPUT, delivery.queue.queue_url, "Where accepted messages wait"
        )
        self._output(
            names.DEAD_LETTER_QUEUE_URL_OUTPUT,
            delivery.dead_letters.queue_url,
            "Where undeliverable messages are kept, each with its reason",
        )
        return delivery

    def _https_outputs(self, https: HttpEndpoint) -> None:
        self._output(
            names.ENDPOINT_URL_OUTPUT,
            https.url,
            "What mParticle is given for the pods of this region; the paths come after it",
        )
        self._output(
            names.TOKEN_SECRET_OUTPUT, https.secret.ref, "Where the token of mParticle is stored"
        )
        if https.domain_target:
            self._output(
                names.DOMAIN_TARGET_OUTPUT,
                https.domain_target,
                "What the DNS record of the endpoint's domain points to",
            )

    def _tell_what_is_left_out(self, left_out: Sequence[LeftOut]) -> None:
        for it in left_out:
            Annotations.of(self).add_warning_v2(f"firehose:{it.setting}:{it.of}", str(it))
        if left_out:
            self._output(
                names.LEFT_OUT_OUTPUT,
                "; ".join(f"{it.setting} = {it.wanted} ({it.of})" for it in left_out),
                "Concurrency that AWS would refuse today; firehose plan says what it needs",
            )

    def _output(self, name: str, value: str, description: str) -> None:
        CfnOutput(self, name, value=value, description=description)


def _settings(plan: RegionPlan, delivery: QueueWorker | None) -> Settings | None:
    """Give the contract of our package; another artifact has none."""
    if plan.function.integration is None:
        return None
    return Settings(
        integration=plan.function.integration,
        queued=plan.queued,
        overflowing=plan.overflowing,
        overflow_ms=plan.delivery.overflow_ms if plan.delivery else 0,
        queue_url=delivery.queue.queue_url if delivery else "",
        logs=sampling_of(plan.function),
    )
