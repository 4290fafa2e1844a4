"""Who may invoke the endpoint: mParticle's accounts, through the alias, and nobody else."""

from __future__ import annotations

from collections.abc import Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from plan.mparticle import InvokingAccount


class MParticleAccess(Construct):
    """One invoke permission per account, on the alias that mParticle is given."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        alias: lambda_.Alias,
        accounts: Sequence[InvokingAccount],
    ) -> None:
        super().__init__(scope, construct_id)
        for account in accounts:
            alias.add_permission(
                f"Account{account.number}",
                principal=iam.AccountPrincipal(account.number),
                action="lambda:InvokeFunction",
                scope=self,
            )
