"""AWS, one region at a time: clients, every region at once, and its failures in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import contextmanager
from functools import cache
from threading import Thread
from typing import TYPE_CHECKING, TypeVar

from console.exit_codes import CommandError, ExitCode
from plan.region_plan import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.loaders import Loader

T = TypeVar("T")
U = TypeVar("U")

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
ATTEMPTS = 3
"""A region that takes calls and never answers is given up after three tries of 20 s, with a pause
of a second or two between them: about a minute. One that cannot be reached, after 15 s."""

_WAKE_SECONDS = 0.2

_REFUSED_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "InvalidSignatureException",
        "RequestExpired",
        "SignatureDoesNotMatch",
    }
)
_UNKNOWN_HERE = frozenset({"InvalidClientTokenId", "OptInRequired", "UnrecognizedClientException"})
"""What AWS says to wrong credentials, and to right ones in a region that is not enabled."""

_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
"""Those that botocore's standard mode repeats as throttled (a test compares them)."""


def session_in(region: str) -> Session:
    """Make a session of its own for one region, with the credentials of the environment."""
    # Imported here, because commands that never call AWS should not wait for it.
    import boto3  # noqa: PLC0415 - see above
    import botocore.session  # noqa: PLC0415 - see above
    from botocore.config import Config  # noqa: PLC0415 - see above

    core = botocore.session.get_session()
    core.register_component("data_loader", _models())
    core.set_default_client_config(
        Config(
            connect_timeout=CONNECT_SECONDS,
            read_timeout=READ_SECONDS,
            retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
        )
    )
    return boto3.Session(botocore_session=core, region_name=region)


@cache
def _models() -> Loader:
    """Read each service's model once, not once in every region: CloudFormation's takes 0.1 s."""
    import botocore.session  # noqa: PLC0415 - see session_in

    loader: Loader = botocore.session.get_session().get_component("data_loader")
    return loader


def in_every_region(
    plans: Sequence[RegionPlan], work: Callable[[Session, RegionPlan], T]
) -> list[tuple[RegionPlan, T | CommandError]]:
    """Do the same in every region at once; one that fails does not stop the others.

    Gives the plan's order, each region with what `work` gave or the `CommandError` that it met.
    Ctrl-C ends the waiting at once, also for a region that does not answer.
    """

    def attempt(plan: RegionPlan) -> T | CommandError:
        try:
            with aws_failures(plan.region):
                return work(session_in(plan.region), plan)
        except CommandError as error:
            return error

    under_way = [started(attempt, plan) for plan in plans]
    while wait(under_way, timeout=_WAKE_SECONDS).not_done:
        pass  # a Ctrl-C that another thread was given is handled between two waits
    return [(plan, it.result()) for plan, it in zip(plans, under_way, strict=True)]


def started(work: Callable[[U], T], given: U) -> Future[T]:
    """Begin in a thread that does not keep the process alive, as those of a pool would."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work(given))
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, daemon=True).start()
    return future


@contextmanager
def aws_failures(region: str) -> Iterator[None]:
    """Raise what goes wrong between us and AWS as a `CommandError` that says what to do."""
    from botocore.exceptions import (  # noqa: PLC0415 - see session_in
        BotoCoreError,
        ClientError,
        CredentialRetrievalError,
        NoCredentialsError,
        PartialCredentialsError,
        ProfileNotFound,
        SSOError,
        TokenRetrievalError,
        WaiterError,
    )

    try:
        yield
    except (
        CredentialRetrievalError,
        NoCredentialsError,
        PartialCredentialsError,
        ProfileNotFound,
        SSOError,
        TokenRetrievalError,
    ) as error:
        raise _no_credentials(region, str(error)) from None
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if code in _REFUSED_CREDENTIALS:
            raise _no_credentials(region, f"AWS refused the credentials ({code})") from None
        if code in _UNKNOWN_HERE:
            raise CommandError(
                f"{region}: no usable AWS credentials: AWS does not know them there ({code})",
                next_step=f"if other regions answer, aws account enable-region --region-name"
                f" {region}; else set AWS_PROFILE or run `aws sso login`",
                exit_code=ExitCode.NO_CREDENTIALS,
            ) from None
        raise CommandError(
            f"{region}: {error.operation_name} failed: {code}",
            next_step=_next_step(error.operation_name, code, region),
        ) from None
    except WaiterError as error:
        raise CommandError(
            f"{region}: AWS did not finish: {error}",
            next_step=f"see in AWS's console in {region} why, then run it again",
        ) from None
    except BotoCoreError as error:
        raise CommandError(
            f"{region}: AWS cannot be reached: {error}",
            next_step=f"check the network and that {region} is enabled, then run it again",
        ) from None


def _next_step(operation: str, code: str, region: str) -> str:
    if code in _THROTTLED:
        return "AWS asks for a pause: wait a minute, then run it again"
    if code.startswith(("AccessDenied", "UnauthorizedOperation")):
        return f"let the credentials call {operation} in {region}, then run it again"
    return f"check that the credentials may call {operation} in {region}"


def _no_credentials(region: str, reason: str) -> CommandError:
    return CommandError(
        f"{region}: no usable AWS credentials: {reason}",
        next_step="set AWS_PROFILE or run `aws sso login`; for the embedded AWS, `firehose local`",
        exit_code=ExitCode.NO_CREDENTIALS,
    )
