"""What an integration raises to say what becomes of a message."""

from __future__ import annotations

import pytest

from firehose import RetryableError


@pytest.mark.parametrize("seconds", [None, 7.5])
def test_error_that_asks_for_another_try_keeps_its_words_and_its_pause(
    seconds: float | None,
) -> None:
    error = RetryableError("busy", retry_after_seconds=seconds)

    assert (str(error), error.retry_after_seconds) == ("busy", seconds)
