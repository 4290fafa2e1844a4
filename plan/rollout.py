"""The rollout table of deployment.toml: how calls move to a new version."""

from __future__ import annotations

from typing import Final, Literal

from plan.fields import Table

ALL_AT_ONCE: Final = "all-at-once"

Strategy = Literal[
    "all-at-once",
    "canary-10-percent-5-minutes",
    "canary-10-percent-15-minutes",
    "canary-10-percent-30-minutes",
    "linear-10-percent-every-1-minute",
    "linear-10-percent-every-3-minutes",
    "linear-10-percent-every-10-minutes",
]


class Rollout(Table):
    """How the alias moves to a new version in every region."""

    strategy: Strategy = ALL_AT_ONCE
    """A canary or a linear rollout goes back by itself when an alarm of severity PAGE fires; it
    needs traffic to judge by, so begin with it once mParticle calls."""
