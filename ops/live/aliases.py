"""The aliases that mParticle calls through: which version each points to, and moving one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cloud.outputs import not_deployed
from console.exit_codes import CommandError
from ops.live.stack import LAMBDA_ALIAS, Resources, resources_of
from plan.fields import TransportName
from plan.names import ALIAS
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session

_SHOWN_HASH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """A published version: its number, the start of its code's hash, when it was made (ISO)."""

    number: int
    code: str
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveAlias:
    """The alias of one endpoint, and the versions that it could point to, oldest first.

    `current` gets the calls, all but those that go to version `shifting_to` while a rollout is
    under way. `revision` is the state that was read: AWS refuses a move when somebody moved it
    since.
    """

    transport: TransportName
    function: str
    revision: str
    current: PublishedVersion
    shifting_to: int | None
    versions: tuple[PublishedVersion, ...]

    def before(self) -> PublishedVersion | None:
        """Give the newest version that is older than the current one; none if there is none."""
        older = [version for version in self.versions if version.number < self.current.number]
        return older[-1] if older else None

    def numbered(self, number: int) -> PublishedVersion | None:
        """Give one version, none if it does not exist."""
        return next((found for found in self.versions if found.number == number), None)


def read_aliases(
    session: Session, plan: RegionPlan, resources: Resources | None = None
) -> list[LiveAlias]:
    """Read the alias of every transport in a region's stack.

    Raises `CommandError` with exit code 4 when there is none.
    """
    found = resources if resources is not None else resources_of(session, plan)
    functions = [arn.split(":")[6] for arn in found.get(LAMBDA_ALIAS, ())]
    if not functions:
        raise not_deployed(plan, f"the stack has no alias {ALIAS}")
    return [_read(session, plan, function) for function in functions]


def move(session: Session, alias: LiveAlias, to: int) -> None:
    """Point an alias to one version, all traffic at once.

    Raises `CommandError` when somebody else moved it since it was read.
    """
    from botocore.exceptions import ClientError  # noqa: PLC0415 - see cloud.regions

    try:
        session.client("lambda").update_alias(
            FunctionName=alias.function,
            Name=ALIAS,
            FunctionVersion=str(to),
            RoutingConfig={"AdditionalVersionWeights": {}},
            RevisionId=alias.revision,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailedException":
            raise
        raise CommandError(
            f"{session.region_name}: {alias.function}: somebody else moved the alias meanwhile",
            next_step="look with `firehose status`, then decide again",
        ) from None


def _read(session: Session, plan: RegionPlan, function: str) -> LiveAlias:
    lambda_ = session.client("lambda")
    alias = lambda_.get_alias(FunctionName=function, Name=ALIAS)
    versions = [
        PublishedVersion(
            number=int(found["Version"]),
            code=found["CodeSha256"][:_SHOWN_HASH],
            made=found["LastModified"],
        )
        for page in lambda_.get_paginator("list_versions_by_function").paginate(
            FunctionName=function
        )
        for found in page["Versions"]
        if found["Version"].isdigit()
    ]
    versions.sort(key=lambda version: version.number)
    current = next((v for v in versions if str(v.number) == alias["FunctionVersion"]), None)
    if current is None:
        raise CommandError(
            f"{plan.region}: {function}:{ALIAS} points to {alias['FunctionVersion']},"
            " which is no published version",
            next_step=f"cdk deploy {plan.stack_name}",
        )
    return LiveAlias(
        transport="lambda" if function == plan.function.name else "https",
        function=function,
        revision=alias["RevisionId"],
        current=current,
        shifting_to=_shifting_to(alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")),
        versions=tuple(versions),
    )


def _shifting_to(weights: Mapping[str, float] | None) -> int | None:
    """Name the version that gets a share of the calls; an alias can have one beside its own."""
    return next((int(version) for version, share in (weights or {}).items() if share), None)
