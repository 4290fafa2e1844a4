"""CodeDeploy as AWS documents it, for rollouts that move the aliases of one region's stack.

docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html.
"""

from __future__ import annotations

from typing import Any

from plan.names import ALIAS
from tests.aws.functions import FakeLambda
from tests.aws.service import Service, exception_class


class FakeCodeDeploy(Service):
    """The client of one region. `under_way` holds the function that each deployment moves."""

    name = "codedeploy"

    def __init__(self, functions: FakeLambda, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self._functions = functions
        self.under_way: dict[str, str] = {}
        self.ends = True

    def list_deployment_groups(self, *, applicationName: str) -> dict[str, Any]:
        return {"applicationName": applicationName, "deploymentGroups": ["group"]}

    def list_deployments(
        self, *, applicationName: str, deploymentGroupName: str, includeOnlyStatuses: list[str]
    ) -> dict[str, Any]:
        assert {applicationName, deploymentGroupName} == {"app", "group"}
        assert "InProgress" in includeOnlyStatuses
        return {"deployments": list(self.under_way)}

    def stop_deployment(self, *, deploymentId: str, autoRollbackEnabled: bool) -> dict[str, Any]:
        """Give the version before all calls again, and CloudFormation its old template."""
        if deploymentId not in self.under_way:
            raise exception_class("DeploymentAlreadyCompletedException")(
                "DeploymentAlreadyCompletedException"
            )
        if self.ends and autoRollbackEnabled:
            self._functions.states[self.under_way.pop(deploymentId)].aliases[ALIAS].move()
        return {"status": "Pending"}

    def begin(self, deployment: str, function: str, version: int) -> None:
        self.under_way[deployment] = function
        self._functions.states[function].aliases[ALIAS].move(weights={str(version): 0.1})
