"""The partner's part of an error's trace: what follows from their code, without what called it."""

from __future__ import annotations

import sysconfig
import traceback
from itertools import dropwhile
from pathlib import Path
from typing import NamedTuple

from firehose import FirehoseError, Request
from workbench.masking import Mask

_OURS = frozenset({"endpoint", "firehose", "partner_http", "workbench"})
_STANDARD_LIBRARY = sysconfig.get_path("stdlib")


def trace_of(error: BaseException) -> str:
    """Give an error's trace from the first line of the partner's code on, and the error itself.

    Files below the working folder are named from there.
    Its text may quote a message: mask it before anybody sees it.
    """
    frames = dropwhile(_leads_to_the_partner, traceback.extract_tb(error.__traceback__))
    lines = traceback.format_list(list(frames)) + traceback.format_exception_only(error)
    return "".join(lines).replace(f'File "{Path.cwd()}/', 'File "').rstrip()


def _leads_to_the_partner(frame: traceback.FrameSummary) -> bool:
    if frame.filename.startswith((_STANDARD_LIBRARY, "<")):
        return True
    return Path(frame.filename).parent.name in _OURS


def place_of(error: BaseException) -> str:
    """Give the last place in the partner's own code that an error went through, as `file:line`.

    The file is relative to the working folder where it is below it. Empty where there is none.
    """
    frames = dropwhile(_leads_to_the_partner, traceback.extract_tb(error.__traceback__))
    own = [frame for frame in frames if not _leads_to_the_partner(frame)]
    own = [frame for frame in own if "site-packages" not in frame.filename]
    if not own:
        return ""
    file = Path(own[-1].filename)
    here = Path.cwd()
    return f"{file.relative_to(here) if file.is_relative_to(here) else file}:{own[-1].lineno}"


class Bug(NamedTuple):
    """An error that an integration raised and did not name: its class, and its masked trace."""

    error: str
    trace: str


def bug_of(error: Exception, request: Request | None, *, identities: bool = False) -> Bug | None:
    """Give the bug that an error is, while a request was processed; none for a named failure.

    Credentials in it are masked, and unless `identities` are asked for, they are as well.
    """
    if isinstance(error, FirehoseError):
        return None
    trace = Mask(request, identities=identities).text(trace_of(error))
    return Bug(type(error).__qualname__, trace)
