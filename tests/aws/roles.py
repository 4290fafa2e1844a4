"""IAM as AWS documents it, for roles with policies of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from tests.aws.service import Service, exception_class


@dataclass(slots=True)
class RoleState:
    """A role: who may assume it, its policies by name, since when it is there."""

    trust: dict[str, Any]
    policies: dict[str, dict[str, Any]] = field(default_factory=dict)
    made: datetime = field(default_factory=lambda: datetime.now(UTC))


class FakeIam(Service):
    """The client. `roles` are those that exist, `allowed` what each policy has ever allowed."""

    name = "iam"

    def __init__(self, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self.roles: dict[str, RoleState] = {}
        self.allowed: list[dict[str, Any]] = []

    def create_role(
        self, *, RoleName: str, AssumeRolePolicyDocument: str, Description: str
    ) -> dict[str, Any]:
        if RoleName in self.roles:
            raise exception_class("EntityAlreadyExistsException")("EntityAlreadyExists")
        self.roles[RoleName] = RoleState(json.loads(AssumeRolePolicyDocument))
        return self._described(RoleName)

    def get_role(self, *, RoleName: str) -> dict[str, Any]:
        return self._described(RoleName)

    def put_role_policy(self, *, RoleName: str, PolicyName: str, PolicyDocument: str) -> None:
        policy = json.loads(PolicyDocument)
        self._role(RoleName).policies[PolicyName] = policy
        self.allowed += policy["Statement"]

    def delete_role_policy(self, *, RoleName: str, PolicyName: str) -> None:
        if self._role(RoleName).policies.pop(PolicyName, None) is None:
            raise self._missing()

    def delete_role(self, *, RoleName: str) -> None:
        """Refuse while the role has a policy.

        docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html: DeleteConflict.
        """
        if self._role(RoleName).policies:
            raise exception_class("DeleteConflictException")("DeleteConflict")
        del self.roles[RoleName]

    def _described(self, name: str) -> dict[str, Any]:
        role = self._role(name)
        return {
            "Role": {
                "Path": "/",
                "RoleName": name,
                "RoleId": "AROA1234567890123",
                "Arn": f"arn:aws:iam::111122223333:role/{name}",
                "CreateDate": role.made,
            }
        }

    def _role(self, name: str) -> RoleState:
        if name not in self.roles:
            raise self._missing()
        return self.roles[name]

    def _missing(self) -> Exception:
        return exception_class("NoSuchEntityException")("NoSuchEntity")
