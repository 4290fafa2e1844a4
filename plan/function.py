"""The function's tables of deployment.toml: what runs in it, and how large it is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from plan import mparticle
from plan.fields import Integration, Reservation, Runtime, Table
from plan.problems import refusal
from plan.quotas import LONGEST_CALL_SECONDS, MOST_MEMORY_MB

SOURCE_PACKAGE = "lambda_src"
"""`code.path` of the package that `firehose build` makes; any other path is used as it is."""


DEFAULT_RUNTIME = "python3.14"
"""The newest that Lambda offers, as AWS advises."""
DIRECT_HANDLER = "endpoint.direct.handler"


def package_of(integration: str) -> str:
    """Name the package of `module:Class`: its folder below `lambda_src`, and below `tests`."""
    return integration.partition(":")[0].partition(".")[0]


class Code(Table):
    """What runs in the function: our package with your integration, or any Lambda artifact."""

    path: str = SOURCE_PACKAGE
    """`lambda_src`, or a jar, zip or folder, relative to the folder of cdk.json."""
    runtime: Runtime = DEFAULT_RUNTIME
    handler: Annotated[str, Field(min_length=1, validate_default=True)] = DIRECT_HANDLER
    """What Lambda calls; another artifact has to name its own."""
    integration: Integration = "acme:Acme"
    """`module:Class`, derived from `firehose.MessageProcessor`; ignored for another artifact."""

    @property
    def is_ours(self) -> bool:
        """Whether the function runs our Python package, as opposed to another artifact."""
        return self.path == SOURCE_PACKAGE

    @field_validator("path")
    @classmethod
    def _exists(cls, path: str) -> str:
        if not Path(path).exists():
            raise refusal(f"a file or folder below {Path.cwd()}")
        return path

    @field_validator("runtime")
    @classmethod
    def _package_is_python(cls, runtime: str, info: ValidationInfo) -> str:
        is_ours = info.data.get("path") == SOURCE_PACKAGE
        # Older Pythons run on Amazon Linux 2, whose C library is too old for today's wheels.
        if is_ours and not re.fullmatch(r"python3\.(1[2-9]|[2-9]\d)", runtime):
            raise refusal(f"python3.12 or newer, because code.path is {SOURCE_PACKAGE}")
        return runtime

    @field_validator("handler")
    @classmethod
    def _artifact_names_its_own(cls, handler: str, info: ValidationInfo) -> str:
        if info.data.get("path") != SOURCE_PACKAGE and handler == DIRECT_HANDLER:
            raise refusal("the handler of the artifact at code.path")
        return handler


class Function(Table):
    """Size and concurrency of the function in every region."""

    memory_mb: Annotated[int, Field(ge=mparticle.MINIMUM_MEMORY_MB, le=MOST_MEMORY_MB)] = (
        mparticle.ADVISED_MEMORY_MB
    )
    timeout_seconds: Annotated[int, Field(ge=1, le=LONGEST_CALL_SECONDS)] = 5
    """mParticle wants 99 % of the answers within 200 ms; this bounds the rest."""
    architecture: Literal["arm64", "x86_64"] = "arm64"
    reserved_concurrency: Reservation = mparticle.MINIMUM_CONCURRENCY
    """`"unreserved"` shares the account's pool, as a small account has to."""
    provisioned_concurrency: Annotated[int, Field(ge=0)] = 0
    snap_start: bool | None = None
    """Unset: on for Java, off otherwise."""

    @field_validator("provisioned_concurrency")
    @classmethod
    def _within_the_reservation(cls, provisioned: int, info: ValidationInfo) -> int:
        reserved = info.data.get("reserved_concurrency")
        if isinstance(reserved, int) and provisioned > reserved:
            raise refusal(f"at most the reserved concurrency, {reserved}")
        return provisioned

    @field_validator("snap_start")
    @classmethod
    def _excludes_provisioned(cls, snap_start: bool | None, info: ValidationInfo) -> bool | None:
        if snap_start and info.data.get("provisioned_concurrency"):
            raise refusal("false with provisioned_concurrency: AWS offers one or the other")
        return snap_start


_SNAP_START_SINCE = {"python3.": 12, "java": 11, "dotnet": 8}
"""docs.aws.amazon.com/lambda/latest/dg/snapstart.html, supported features and limitations."""


def can_snap_start(runtime: str) -> bool:
    """Whether AWS offers SnapStart for the runtime."""
    for family, first in _SNAP_START_SINCE.items():
        version = runtime.removeprefix(family)
        if version != runtime:
            return int(version) >= first
    return False
