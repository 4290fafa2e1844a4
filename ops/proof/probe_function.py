"""A function of our own in a region, which is there only while something is measured from it."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

from console.exit_codes import CommandError
from console.output import say
from plan.names import probe_name
from plan.quotas import LONGEST_CALL_SECONDS, ONE_PROCESSOR_MB

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_lambda import LambdaClient

LONGEST_SECONDS = LONGEST_CALL_SECONDS - 60
"""Of a load, which leaves a minute to start and to answer."""
ARCHITECTURE: Final = "arm64"
MEMORY_MB = ONE_PROCESSOR_MB

_MODULES = ("__init__", "fresh_ids", "in_region", "open_loop_load", "timed_calls")
_DESCRIPTION = "firehose verify --from-region; removed after it."
_POLICY = "invoke"
_ABANDONED = timedelta(minutes=20)
"""Longer than any run: what is that old was left by one that was killed."""
_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 2.0
_MADE_AT = (2026, 1, 1, 0, 0, 0)


@contextmanager
def probe_function(
    session: Session, name: str, *, invokes: Sequence[str], stop: Event
) -> Iterator[str]:
    """Make it for the length of a block, and give its name; afterwards nothing of it is left.

    It may invoke the ARNs and do nothing else, not even write a log. Raises `CommandError` while
    somebody else measures there.
    """
    function = probe_name(name, session.region_name)
    iam, lambda_ = session.client("iam"), session.client("lambda")
    _make_way(session, function)
    role = iam.create_role(
        RoleName=function,
        Description=_DESCRIPTION,
        AssumeRolePolicyDocument=json.dumps(_policy("sts:AssumeRole", None)),
    )["Role"]["Arn"]
    try:
        if invokes:
            iam.put_role_policy(
                RoleName=function,
                PolicyName=_POLICY,
                PolicyDocument=json.dumps(_policy("lambda:InvokeFunction", invokes)),
            )
        _create(lambda_, function, role, stop)
        yield function
    finally:
        _remove(session, function)


def _create(lambda_: LambdaClient, function: str, role: str, stop: Event) -> None:
    """Make the function once Lambda knows the role, which IAM tells it some seconds later."""
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            lambda_.create_function(
                FunctionName=function,
                Description=_DESCRIPTION,
                Role=role,
                Runtime="python3.13",
                Architectures=[ARCHITECTURE],
                Handler="probe.in_region.handler",
                Code={"ZipFile": package()},
                Timeout=LONGEST_CALL_SECONDS,
                MemorySize=MEMORY_MB,
            )
            break
        except lambda_.exceptions.InvalidParameterValueException as error:
            if "role" not in str(error) or time.monotonic() > deadline or stop.is_set():
                raise
            stop.wait(_PAUSE_SECONDS)
    lambda_.get_waiter("function_active_v2").wait(FunctionName=function)


def package() -> bytes:
    """Zip what runs there: the same bytes each time."""
    root = Path(__file__).parents[2]
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for module in _MODULES:
            path = f"probe/{module}.py"
            info = zipfile.ZipInfo(path, date_time=_MADE_AT)
            info.external_attr = 0o644 << 16
            file.writestr(info, (root / path).read_bytes())
    return archive.getvalue()


def _make_way(session: Session, function: str) -> None:
    """Remove what a run left that was killed; leave alone one that may go on."""
    iam = session.client("iam")
    try:
        made = iam.get_role(RoleName=function)["Role"]["CreateDate"]
    except iam.exceptions.NoSuchEntityException:
        return
    if datetime.now(UTC) - made < _ABANDONED:
        raise CommandError(
            f"{function} exists: somebody measures from there now, or a run was killed",
            next_step=f"wait {_ABANDONED.seconds // 60} minutes, after which it is removed",
        )
    say(f"{function} was left behind by a run that was killed; it is removed.")
    _remove(session, function)


def _remove(session: Session, function: str) -> None:
    """Delete function, policy and role, as far as they exist; one that is refused stops none.

    Raises `CommandError` with the commands that do it by hand.
    """
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - see cloud.regions

    iam, lambda_ = session.client("iam"), session.client("lambda")
    missing = iam.exceptions.NoSuchEntityException
    steps: Sequence[tuple[type[Exception], Callable[[], object]]] = (
        (
            lambda_.exceptions.ResourceNotFoundException,
            lambda: lambda_.delete_function(FunctionName=function),
        ),
        (missing, lambda: iam.delete_role_policy(RoleName=function, PolicyName=_POLICY)),
        (missing, lambda: iam.delete_role(RoleName=function)),
    )
    refused: list[str] = []
    for absent, step in steps:
        try:
            step()
        except absent:
            continue
        except ClientError as error:
            refused.append(error.response["Error"]["Code"])
        except BotoCoreError as error:
            refused.append(type(error).__name__)
    if refused:
        raise CommandError(
            f"{function} could not be removed: {', '.join(refused)}",
            next_step=f"aws lambda delete-function --function-name {function}"
            f" --region {session.region_name};"
            f" aws iam delete-role-policy --role-name {function} --policy-name {_POLICY};"
            f" aws iam delete-role --role-name {function}",
        )


def _policy(action: str, resources: Sequence[str] | None) -> dict[str, object]:
    statement: dict[str, object] = {"Effect": "Allow", "Action": action}
    if resources is None:
        statement["Principal"] = {"Service": "lambda.amazonaws.com"}
    else:
        statement["Resource"] = list(resources)
    return {"Version": "2012-10-17", "Statement": [statement]}
