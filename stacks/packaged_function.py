"""A Lambda function of ours: its role, its log group, the package of its plan, an alias."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from endpoint.sampling import Sampling
from plan import names
from plan.function import DEFAULT_RUNTIME
from plan.region_plan import FunctionPlan
from stacks.nag import acknowledge

_DAYS = logs.RetentionDays
RETENTION = {
    1: _DAYS.ONE_DAY,
    3: _DAYS.THREE_DAYS,
    5: _DAYS.FIVE_DAYS,
    7: _DAYS.ONE_WEEK,
    14: _DAYS.TWO_WEEKS,
    30: _DAYS.ONE_MONTH,
    60: _DAYS.TWO_MONTHS,
    90: _DAYS.THREE_MONTHS,
    120: _DAYS.FOUR_MONTHS,
    150: _DAYS.FIVE_MONTHS,
    180: _DAYS.SIX_MONTHS,
    365: _DAYS.ONE_YEAR,
}
"""CDK's name of each retention that a deployment may choose, in days."""

ENDPOINT_DESCRIPTION = "Answers mParticle's Firehose requests"


def sampling_of(plan: FunctionPlan) -> Sampling:
    """Give what our package is told of the lines that it writes."""
    return Sampling(share=plan.log_sample, traced=plan.log_trace)


class PackagedFunction(Construct):
    """Role, log group, function and alias.

    `environment` is what the function reads besides the variables of its plan.
    `sends_to_its_own_queue` keeps Lambda from taking its retries for an endless loop. Exposes
    `function`, `role`, `log_group` and `alias`, behind which is a version that is retained.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        plan: FunctionPlan,
        description: str,
        environment: Mapping[str, str],
        sends_to_its_own_queue: bool = False,
    ) -> None:
        super().__init__(scope, construct_id)
        self.log_group = logs.LogGroup(
            self,
            "Logs",
            retention=RETENTION[plan.log_retention_days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.log_group.grant_write(self.role)
        self.function = lambda_.Function(
            self,
            "Function",
            function_name=plan.name or None,
            description=description,
            # made here, because one Code object cannot serve two stacks
            code=lambda_.Code.from_asset(str(plan.package)),
            runtime=lambda_.Runtime(plan.runtime, supports_snap_start=plan.snap_start),
            handler=plan.handler,
            architecture=lambda_.Architecture.custom(plan.architecture),
            memory_size=plan.memory_mb,
            timeout=Duration.seconds(plan.timeout_seconds),
            environment={**plan.environment, **environment},
            reserved_concurrent_executions=plan.reserved_concurrency,
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS if plan.snap_start else None,
            role=self.role,
            # Lambda would stop a chain of about 16 calls; `worker.attempts` bounds ours:
            # docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
            recursive_loop=lambda_.RecursiveLoop.ALLOW if sends_to_its_own_queue else None,
            log_group=self.log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            # a START, END and REPORT line for every call would cost more than the calls
            system_log_level_v2=lambda_.SystemLogLevel.WARN,
            # Retained, or each deploy would delete the version before it, and with it the way back.
            # But not one of an update that is rolled back: it equals $LATEST, so publishing the
            # same code again would be refused. docs.aws.amazon.com/AWSCloudFormation/latest/
            # TemplateReference/aws-attribute-deletionpolicy.html, RetainExceptOnCreate
            current_version_options=lambda_.VersionOptions(
                removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
            ),
        )
        self.alias = lambda_.Alias(
            self,
            "Alias",
            alias_name=names.ALIAS,
            version=self.function.current_version,
            provisioned_concurrent_executions=plan.provisioned_concurrency or None,
        )
        acknowledge(
            self.function,
            finding="Serverless-LambdaDLQ",
            reason="Lambda's dead-letter queue is for asynchronous calls; this one is called"
            " synchronously, by mParticle, the HTTP API or the poller of the queue.",
        )
        acknowledge(
            self.function,
            finding="Serverless-LambdaTracing",
            reason="Tracing needs Resource * and is billed by call; each call has one log line with"
            " its duration, and the integration's time is nearly all of it.",
        )
        if plan.runtime != DEFAULT_RUNTIME:
            for finding in ("AwsSolutions-L1", "Serverless-LambdaLatestVersion"):
                acknowledge(
                    self.function,
                    finding=finding,
                    reason=f"The artifact of deployment.toml is built for {plan.runtime}.",
                )
