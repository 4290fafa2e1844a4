"""The logs table of deployment.toml: which lines are written, and how long they are kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, Strict

from plan.fields import Table, TracedId, distinct


class Logs(Table):
    """What the functions log, and how long it is kept."""

    sample: Annotated[float, Field(ge=0, le=1)] = 0.01
    """Share of the messages whose line is written though nothing went wrong; every one is counted
    in the metrics, and what is not good is always written."""
    trace: Annotated[
        tuple[TracedId, ...], Strict(False), AfterValidator(distinct), Field(max_length=5)
    ] = ()
    """Messages whose lines are all written, for now: ids of messages, or mParticle's account
    ids of customers."""
    retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365] = 30
