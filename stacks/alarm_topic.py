"""The topic that a region's alarms are sent to."""

from __future__ import annotations

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from stacks.nag import acknowledge


class AlarmTopic(Construct):
    """An encrypted, TLS-only topic that this account's alarms may publish to.

    Exposes `topic` and `action`, which an alarm is given.
    """

    def __init__(self, scope: Construct, construct_id: str, *, email: str | None) -> None:
        super().__init__(scope, construct_id)
        # CloudWatch cannot use the AWS-managed key of SNS; its alarms would be lost silently:
        # repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RemovalPolicy.DESTROY)
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True)
        self.action = actions.SnsAction(self.topic)
        alarms_here = iam.ServicePrincipal(
            "cloudwatch.amazonaws.com",
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )
        key.grant(alarms_here, "kms:Decrypt", "kms:GenerateDataKey*")
        # The TLS policy replaces the default one, which let the account's alarms publish.
        self.topic.grant_publish(alarms_here)
        if email:
            mail = self.topic.add_subscription(subscriptions.EmailSubscription(email))
            acknowledge(
                mail,
                finding="Serverless-SNSRedrivePolicy",
                reason="SNS repeats mail by itself, and a lost one is still an alarm that is red;"
                " nobody would look into a queue of undelivered mail.",
            )
