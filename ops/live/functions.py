"""The functions of a region as they run now: which version serves, which one the stack made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from cloud.stack import StackResource
from console.exit_codes import CommandError
from plan.names import ALIAS, worker_name
from plan.region_plan import FunctionPlan, RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_lambda import LambdaClient

LAMBDA_ALIAS = "AWS::Lambda::Alias"
LAMBDA_FUNCTION = "AWS::Lambda::Function"
LAMBDA_VERSION = "AWS::Lambda::Version"

FunctionRole = Literal["lambda", "https", "worker"]
"""What a function is for: the transport over which mParticle calls it, or draining the queue."""
ROLES: Mapping[FunctionRole, str] = {
    "lambda": "the function that mParticle invokes",
    "https": "the function behind the HTTP API",
    "worker": "the worker of the queue",
}
"""Every role in the order of their functions, in words."""

TUNED = "firehose tune"
"""How the description of a version begins that was made to be measured (`ops.tuning`)."""

_SHOWN_HASH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedVersion:
    """A published version: its number, the start of its code's hash, when it was made (ISO)."""

    number: int
    code: str
    made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFunction:
    """One function and its alias.

    `current` gets the calls, all but those that go to version `shifting_to` while a rollout is
    under way; `made_by_stack` is the version that the stack's last deployment made, none where
    it cannot be told. `revision` is the state that was read: AWS refuses a move when somebody
    moved the alias since. `memory_mb`, `environment` and `reserved_concurrency` (none: the
    account's pool) are those in force. Values of the environment are never shown.
    """

    role: FunctionRole
    name: str
    arn: str
    revision: str
    current: PublishedVersion
    shifting_to: int | None
    made_by_stack: int | None
    memory_mb: int
    environment: Mapping[str, str] = field(repr=False)
    reserved_concurrency: int | None

    @property
    def serves_the_stacks_version(self) -> bool:
        """Whether every call goes to what was deployed last."""
        return self.made_by_stack in {None, self.current.number} and self.shifting_to is None


def read_functions(
    session: Session, plan: RegionPlan, resources: Sequence[StackResource]
) -> tuple[LiveFunction, ...]:
    """Read every function of a stack that has an alias: the endpoints', then the worker's.

    Raises `CommandError` where an alias points to no published version.
    """
    lambda_ = session.client("lambda")
    made = dict(_versions_in(resources))
    names = [_name_in(it.physical_id) for it in resources if it.kind == LAMBDA_ALIAS]
    functions = [_read(lambda_, plan, name, made.get(name)) for name in names]
    return tuple(sorted(functions, key=lambda it: list(ROLES).index(it.role)))


def planned_function(plan: RegionPlan, role: FunctionRole) -> FunctionPlan | None:
    """Give the plan of a function; none where the plan has it no longer."""
    if role == "worker":
        return plan.delivery.worker if plan.delivery else None
    return next((it.function for it in plan.endpoints if it.transport == role), None)


def versions_of(session: Session, function: LiveFunction) -> tuple[PublishedVersion, ...]:
    """List the versions that a function's alias could point to, oldest first.

    Those that `firehose tune` made are none of them.
    """
    pages = session.client("lambda").get_paginator("list_versions_by_function")
    versions = [
        _published(found["Version"], found["CodeSha256"], found["LastModified"])
        for page in pages.paginate(FunctionName=function.name)
        for found in page["Versions"]
        if found["Version"].isdigit() and not found.get("Description", "").startswith(TUNED)
    ]
    return tuple(sorted(versions, key=lambda version: version.number))


def move_alias(session: Session, function: LiveFunction, to: int) -> None:
    """Point an alias to one version, all traffic at once.

    Raises `CommandError` when somebody else moved it since it was read.
    """
    lambda_ = session.client("lambda")
    try:
        lambda_.update_alias(
            FunctionName=function.name,
            Name=ALIAS,
            FunctionVersion=str(to),
            RoutingConfig={"AdditionalVersionWeights": {}},
            RevisionId=function.revision,
        )
    except lambda_.exceptions.PreconditionFailedException:
        raise CommandError(
            f"{session.region_name}: {function.name}: somebody else moved the alias meanwhile",
            next_step="look with `firehose status`, then decide again",
        ) from None


def _read(
    lambda_: LambdaClient, plan: RegionPlan, name: str, made_by_stack: int | None
) -> LiveFunction:
    alias = lambda_.get_alias(FunctionName=name, Name=ALIAS)
    number = alias["FunctionVersion"]
    if not number.isdigit():
        raise CommandError(
            f"{plan.region}: {name}:{ALIAS} points to {number}, which is no published version",
            next_step=f"cdk deploy {plan.stack_name}",
        )
    found = lambda_.get_function(FunctionName=name, Qualifier=number)
    configuration = found["Configuration"]
    return LiveFunction(
        role=_role(plan, name),
        name=name,
        arn=alias["AliasArn"],
        revision=alias["RevisionId"],
        current=_published(number, configuration["CodeSha256"], configuration["LastModified"]),
        shifting_to=_shifting_to(alias.get("RoutingConfig", {}).get("AdditionalVersionWeights")),
        made_by_stack=made_by_stack,
        memory_mb=configuration["MemorySize"],
        environment=configuration.get("Environment", {}).get("Variables", {}),
        reserved_concurrency=found.get("Concurrency", {}).get("ReservedConcurrentExecutions"),
    )


def _published(number: str, code: str, made: str) -> PublishedVersion:
    return PublishedVersion(number=int(number), code=code[:_SHOWN_HASH], made=made)


def _role(plan: RegionPlan, name: str) -> FunctionRole:
    """Tell by the name: the function behind the HTTP API has one of CloudFormation's."""
    if name == worker_name(plan.name):
        return "worker"
    return "lambda" if name == plan.function.name else "https"


def _versions_in(resources: Sequence[StackResource]) -> Iterator[tuple[str, int]]:
    for it in resources:
        number = it.physical_id.rpartition(":")[2]
        if it.kind == LAMBDA_VERSION and number.isdigit():
            yield _name_in(it.physical_id), int(number)


def _name_in(arn: str) -> str:
    """Give the function's name in the ARN of its alias or version."""
    return arn.split(":")[6]


def _shifting_to(weights: Mapping[str, float] | None) -> int | None:
    """Name the version that gets a share of the calls; an alias can have one beside its own."""
    return next((int(version) for version, share in (weights or {}).items() if share), None)
