"""What is accepted now and delivered later: the queue, its dead letters, the worker."""

from __future__ import annotations

from typing import cast

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from endpoint.settings import WorkerSettings
from plan.region_plan import DeliveryPlan
from stacks.nag import acknowledge
from stacks.packaged_function import PackagedFunction, sampling_of

RETAINED = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
"""What was acknowledged outlives its stack; `firehose destroy` deletes it by name. A first deploy
that fails takes its empty queues with it."""


class QueueWorker(Construct):
    """Two encrypted, TLS-only queues and the function that drains the first.

    `integration` is the `module:Class` that the worker delivers to. Exposes `queue`,
    `dead_letters` and `worker`.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, plan: DeliveryPlan, integration: str
    ) -> None:
        super().__init__(scope, construct_id)
        # The messages are people's data, so who reads the queue must also be let use the key.
        self._key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RETAINED)
        self.dead_letters = sqs.Queue(
            self,
            "DeadLetters",
            retention_period=Duration.days(plan.dead_letter_retention_days),
            encryption_master_key=self._key,
            enforce_ssl=True,
            removal_policy=RETAINED,
        )
        acknowledge(
            self.dead_letters,
            finding="Serverless-SQSRedrivePolicy",
            reason="This is the dead-letter queue; what lies in it is an alarm.",
        )
        self.queue = sqs.Queue(
            self,
            "Queue",
            retention_period=Duration.days(plan.retention_days),
            visibility_timeout=Duration.seconds(plan.visibility_seconds),
            dead_letter_queue=sqs.DeadLetterQueue(
                queue=self.dead_letters, max_receive_count=plan.redrive_receives
            ),
            encryption_master_key=self._key,
            enforce_ssl=True,
            removal_policy=RETAINED,
        )
        delivered = self._remember_deliveries() if plan.deduplicate else None
        settings = WorkerSettings(
            integration=integration,
            queue_url=self.queue.queue_url,
            dead_letter_queue_url=self.dead_letters.queue_url,
            parallel=plan.parallel,
            attempts=plan.attempts,
            max_receives=plan.max_receives,
            delivered_table=delivered.table_name if delivered else "",
            claim_seconds=plan.worker.timeout_seconds if delivered else 0,
            logs=sampling_of(plan.worker),
        )
        self.worker = PackagedFunction(
            self,
            "Worker",
            plan=plan.worker,
            description="Delivers the queued messages of mParticle",
            environment=settings.to_environment(),
            sends_to_its_own_queue=True,
        )
        self.worker.function.add_event_source(
            event_sources.SqsEventSource(
                self.queue,
                batch_size=plan.batch_size,
                max_concurrency=plan.maximum_concurrency,
                report_batch_item_failures=True,
            )
        )
        self._drain_through_the_alias()
        if delivered:
            operations = ("dynamodb:PutItem", "dynamodb:GetItem", "dynamodb:DeleteItem")
            delivered.grant(self.worker.role, *operations)
        # A longer wait is a new copy in the queue; what cannot be delivered is a dead letter.
        for queue in (self.queue, self.dead_letters):
            self._grant_send(queue, self.worker.role)

    def _remember_deliveries(self) -> dynamodb.Table:
        """Make the table of what was delivered: ids of messages, nothing of their content."""
        return dynamodb.Table(
            self,
            "Delivered",
            partition_key=dynamodb.Attribute(name="id", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.AWS_MANAGED,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires",
            # without it, messages that are queued may only arrive twice
            removal_policy=RemovalPolicy.DESTROY,
        )

    def _drain_through_the_alias(self) -> None:
        for source in self.worker.function.node.children:
            if isinstance(source, lambda_.EventSourceMapping):
                # `alias.add_event_source` would give the source another logical id, and a deploy
                # would make a second one beside the first.
                mapping = cast("lambda_.CfnEventSourceMapping", source.node.default_child)
                mapping.function_name = self.worker.alias.function_arn
                acknowledge(
                    source,
                    finding="Serverless-LambdaEventSourceMappingDestination",
                    reason="AWS offers it for streams; a queue has its dead-letter queue.",
                )

    def grant_accept(self, role: iam.IRole) -> None:
        """Let a function put messages into the queue."""
        self._grant_send(self.queue, role)

    def _grant_send(self, queue: sqs.Queue, role: iam.IRole) -> None:
        # `grant_send_messages` would allow every way of using the key.
        queue.grant(role, "sqs:SendMessage")
        self._key.grant(role, "kms:Decrypt", "kms:GenerateDataKey")
