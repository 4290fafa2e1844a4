"""What the endpoint makes of an error of the integration."""

from __future__ import annotations

import math

import pytest

from endpoint.failures import Failure, process
from firehose import (
    DsrProcessingRequest,
    InvalidCredentials,
    RejectedMessage,
    RetryableError,
)
from tests.endpoint.deliveries import Failing


def failure(error: Exception) -> Failure:
    found = process(Failing(error), DsrProcessingRequest())
    assert isinstance(found, Failure)
    return found


@pytest.mark.parametrize(
    ("error", "kind", "lasts"),
    [
        (RetryableError("x"), "temporary", False),
        (RejectedMessage("x"), "rejected", True),
        (InvalidCredentials("x"), "credentials", True),
        (ValueError("x"), "unknown", False),
    ],
)
def test_error_has_its_kind(error: Exception, kind: str, lasts: bool) -> None:
    found = failure(error)

    assert (found.kind, found.lasts, found.error) == (kind, lasts, type(error).__name__)


@pytest.mark.parametrize(
    ("asked", "waits"),
    [(0, 0), (0.5, 0.5), (60, 60), (-1, 0), (math.inf, math.inf), (math.nan, None), (None, None)],
)
def test_service_that_asks_for_a_wait_is_heard(asked: float | None, waits: float | None) -> None:
    assert failure(RetryableError("x", retry_after_seconds=asked)).retry_after_seconds == waits


def test_place_is_the_line_that_raised_with_its_file_and_folder() -> None:
    place = failure(ValueError("x")).where

    assert place.startswith("endpoint/deliveries.py:")
    assert place.endswith(" in process_dsr_processing_request")
