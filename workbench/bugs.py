"""Bugs of an integration: what it raised and did not name as a failure."""

from __future__ import annotations

from typing import NamedTuple

from firehose import FirehoseError, Request
from workbench.masking import Mask
from workbench.partner_trace import trace_of


class Bug(NamedTuple):
    """An error that an integration raised and did not name: its class, and its masked trace."""

    error: str
    trace: str


def bug_of(error: Exception, request: Request | None) -> Bug | None:
    """Give the bug that an error is, while a request was processed; none for a named failure."""
    if isinstance(error, FirehoseError):
        return None
    trace = Mask(request, identities=False).text(trace_of(error))
    return Bug(type(error).__qualname__, trace)
