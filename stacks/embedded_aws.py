"""What the embedded AWS cannot deploy, left out in this one place and nowhere else."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_chatbot as chatbot
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import IConstruct


def leave_out_unsupported(stack: Stack) -> None:
    """Remove the resources that MiniStack's CloudFormation refuses, so that the rest deploys."""
    for construct in stack.node.find_all():
        if _is_unsupported(construct) and construct.node.scope:
            construct.node.scope.node.try_remove_child(construct.node.id)


def _is_unsupported(construct: IConstruct) -> bool:
    # MiniStack 1.5.33 has no composite alarms and no chat, and says of the others:
    # "AWS::CloudWatch::Alarm Properties.Metrics (metric math) is not supported"
    if isinstance(construct, cloudwatch.CfnAlarm):
        return construct.metrics is not None
    return isinstance(
        construct, cloudwatch.CfnCompositeAlarm | chatbot.CfnSlackChannelConfiguration
    )
