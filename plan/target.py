"""Where a synthesized app goes: AWS, or the embedded AWS on this machine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from plan.build_folder import build_folder
from plan.names import TARGET_VARIABLE

TargetName = Literal["aws", "local"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What differs between AWS and the embedded AWS; nothing else may ask which of them it is.

    `package` is where the Lambda package for it is built, `account` the only account it has
    (none: the deployment or the credentials decide). `complete` is false where some resources
    cannot be deployed: `stacks.embedded_aws` then leaves them out, and without CodeDeploy every
    rollout is all at once.
    """

    name: TargetName
    package: Path
    account: str | None
    termination_protection: bool
    complete: bool

    def built_for(self, deployment: Path) -> Target:
        """Give this target with the package of a deployment file."""
        return replace(self, package=build_folder(deployment) / self.package.name)


AWS = Target(
    name="aws",
    package=Path("build/aws"),
    account=None,
    termination_protection=True,
    complete=True,
)
LOCAL = Target(
    name="local",
    package=Path("build/local"),
    account="000000000000",
    termination_protection=False,
    complete=False,
)
TARGETS = {target.name: target for target in (AWS, LOCAL)}


def is_embedded(account: str) -> bool:
    """Whether an account is that of the embedded AWS; AWS itself has none of that number."""
    return account == LOCAL.account


def target_from(environment: Mapping[str, str], deployment: Path) -> Target:
    """Give the target that `FIREHOSE_TARGET` names, for a deployment file; AWS when it is unset.

    Raises `ValueError` when it names another.
    """
    name = environment.get(TARGET_VARIABLE, AWS.name)
    for target in TARGETS.values():
        if target.name == name:
            return target.built_for(deployment)
    raise ValueError(f"{TARGET_VARIABLE}: found {name!r}; allowed: {', '.join(TARGETS)}")
