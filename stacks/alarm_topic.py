"""The topic that a region's alarms are sent to, and who hears of them."""

from __future__ import annotations

from hashlib import sha256

from aws_cdk import RemovalPolicy, SecretValue, Stack
from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from plan.alarm_recipients import BY_NAME, AlarmRecipients, SlackChannel
from stacks.nag import acknowledge


class AlarmTopic(Construct):
    """An encrypted, TLS-only topic that this account's alarms may publish to.

    `name` is what a Slack channel's configuration is called, which is once in an account. Exposes
    `topic` and `action`, which an alarm is given.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, recipients: AlarmRecipients, name: str
    ) -> None:
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
        # The TLS policy replaces the default one, which let the account's alarms publish. This lets
        # them use the key, too.
        self.topic.grant_publish(alarms_here)
        told = []
        if recipients.email:
            email = subscriptions.EmailSubscription(recipients.email)
            told.append(self.topic.add_subscription(email))
        for subscription in (*told, *map(self._posted_to, recipients.https)):
            acknowledge(
                subscription,
                finding="Serverless-SNSRedrivePolicy",
                reason="SNS repeats what fails by itself, and a lost message is still an alarm that"
                " is red; nobody would look into a queue of them.",
            )
        if recipients.slack:
            self._write_to(recipients.slack, name)

    def _posted_to(self, destination: str) -> sns.Subscription:
        """Subscribe a URL; one that is secret is put in by CloudFormation, so no template has it.

        docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager
        """
        secret = destination.removeprefix(BY_NAME)
        is_secret = secret != destination
        return sns.Subscription(
            self,
            f"Https{sha256(destination.encode()).hexdigest()[:8]}",
            topic=self.topic,
            protocol=sns.SubscriptionProtocol.HTTPS,
            endpoint=SecretValue.secrets_manager(secret).unsafe_unwrap()
            if is_secret
            else destination,
        )

    def _write_to(self, slack: SlackChannel, name: str) -> None:
        """Let Amazon Q Developer write to a channel, from which nobody can do anything here."""
        role = iam.Role(self, "SlackRole", assumed_by=iam.ServicePrincipal("chatbot.amazonaws.com"))
        chatbot.SlackChannelConfiguration(
            self,
            "Slack",
            slack_channel_configuration_name=name,
            slack_workspace_id=slack.workspace,
            slack_channel_id=slack.channel,
            notification_topics=[self.topic],
            role=role,
            # left out, it would be AdministratorAccess
            guardrail_policies=[iam.ManagedPolicy.from_aws_managed_policy_name("AWSDenyAll")],
        )
