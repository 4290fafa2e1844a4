"""The function's own credentials, as Lambda hands them over."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from endpoint.signature import Credentials
from firehose import Secret

if TYPE_CHECKING:
    from botocore.credentials import Credentials as Chain

CONTAINER_VARIABLE = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
"""Where a function with SnapStart gets its credentials: docs.aws.amazon.com/lambda/latest/dg/
snapstart-activate.html, Using SnapStart with AWS SDKs."""


class NoCredentialsError(Exception):
    """There are no credentials; `code` is the name of the error that tells why."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def prepare_credentials(environment: Mapping[str, str]) -> None:
    """Load at the start what a later call needs; with SnapStart that is before the snapshot."""
    if CONTAINER_VARIABLE in environment:
        chain()


def credentials_from(environment: Mapping[str, str]) -> Credentials:
    """Read the variables that Lambda sets, or ask botocore where they are not set.

    Read for each call, they follow whoever renews them. Raises `NoCredentialsError`.
    """
    if "AWS_ACCESS_KEY_ID" not in environment:
        return _found_by_botocore()
    token = environment.get("AWS_SESSION_TOKEN")
    return Credentials(
        key_id=environment["AWS_ACCESS_KEY_ID"],
        secret=Secret(environment.get("AWS_SECRET_ACCESS_KEY", "")),
        token=Secret(token) if token else None,
    )


def _found_by_botocore() -> Credentials:
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415 - takes longer than all the rest

    try:
        known = chain()
        found = known.get_frozen_credentials() if known else None
    except BotoCoreError as error:
        raise NoCredentialsError(type(error).__name__) from None
    if found is None or not found.access_key or not found.secret_key:
        raise NoCredentialsError(NoCredentialsError.__name__)
    return Credentials(
        key_id=found.access_key,
        secret=Secret(found.secret_key),
        token=Secret(found.token) if found.token else None,
    )


@cache
def chain() -> Chain | None:
    """Find credentials wherever botocore does; it renews them by itself."""
    import botocore.session  # noqa: PLC0415 - as above

    return botocore.session.get_session().get_credentials()
