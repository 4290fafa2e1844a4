"""A new version gets part of the calls first, and loses them again when an alarm pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_codedeploy as codedeploy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan.rollout import ALL_AT_ONCE, Strategy

CONFIGS: dict[str, codedeploy.ILambdaDeploymentConfig] = {
    name: getattr(codedeploy.LambdaDeploymentConfig, name.upper().replace("-", "_"))
    for name in get_args(Strategy)
    if name != ALL_AT_ONCE
}
"""CodeDeploy's configuration of each gradual strategy that a deployment may choose."""


class GradualRollout(Construct):
    """CodeDeploy moves the alias, watches `alarms` meanwhile, and moves it back if one fires."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: lambda_.Alias,
        strategy: str,
        alarms: Sequence[cloudwatch.Alarm],
    ) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("codedeploy.amazonaws.com"))
        # CDK would add AWS's managed policy, which allows this on every function of the account.
        function_arn = alias.lambda_.function_arn
        # Lambda authorizes the first two on the function, the third on the alias:
        # docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
        for actions, resources in (
            (["lambda:GetAlias", "lambda:UpdateAlias"], [function_arn]),
            (["lambda:GetProvisionedConcurrencyConfig"], [f"{function_arn}:{alias.alias_name}"]),
            (["cloudwatch:DescribeAlarms"], [alarm.alarm_arn for alarm in alarms]),
        ):
            role.add_to_policy(iam.PolicyStatement(actions=actions, resources=resources))
        group = codedeploy.LambdaDeploymentGroup(
            self,
            "Group",
            alias=alias,
            application=codedeploy.LambdaApplication(self, "Application"),
            deployment_config=CONFIGS[strategy],
            alarms=list(alarms),
            role=role.without_policy_updates(),
            auto_rollback=codedeploy.AutoRollbackConfig(
                failed_deployment=True, stopped_deployment=True, deployment_in_alarm=True
            ),
        )
        # What cannot be updated is not waited for either, and the first rollout needs the policy.
        group.node.add_dependency(role)
