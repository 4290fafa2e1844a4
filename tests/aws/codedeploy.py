"""CodeDeploy as AWS documents it, for rollouts that move the aliases of one region's stack.

docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html.
"""

from __future__ import annotations

from typing import Any

from plan.names import ALIAS
from tests.aws.functions import FakeLambda
from tests.aws.service import Service, exception_class


class FakeCodeDeploy(Service):
    """The client of one region. `rollouts` holds the function that each deployment moves."""

    name = "codedeploy"

    def __init__(self, functions: FakeLambda, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self._functions = functions
        self._rollouts: dict[str, str] = {}
        self._ends = True

    def list_deployment_groups(self, *, applicationName: str) -> dict[str, Any]:
        return {"applicationName": applicationName, "deploymentGroups": ["group"]}

    def list_deployments(
        self, *, applicationName: str, deploymentGroupName: str, includeOnlyStatuses: list[str]
    ) -> dict[str, Any]:
        assert {applicationName, deploymentGroupName} == {"app", "group"}
        assert "InProgress" in includeOnlyStatuses
        return {"deployments": list(self._rollouts)}

    def stop_deployment(self, *, deploymentId: str, autoRollbackEnabled: bool) -> dict[str, Any]:
        """Give the version before all calls again, and CloudFormation its old template."""
        if deploymentId not in self._rollouts:
            raise exception_class("DeploymentAlreadyCompletedException")(
                "DeploymentAlreadyCompletedException"
            )
        if self._ends and autoRollbackEnabled:
            alias = self._functions._functions[self._rollouts.pop(deploymentId)].aliases[ALIAS]
            alias.weights, alias.revision = {}, alias.revision + 1
        return {"status": "Pending"}

    def _begin(self, deployment: str, function: str, version: int) -> None:
        self._rollouts[deployment] = function
        alias = self._functions._functions[function].aliases[ALIAS]
        alias.weights, alias.revision = {str(version): 0.1}, alias.revision + 1
