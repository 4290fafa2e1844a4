"""What each message family is, chosen or left out."""

from __future__ import annotations

import pytest

from plan.delivery import FamilyName, Mode, Processing


@pytest.mark.parametrize(
    ("chosen", "modes"),
    [
        ({}, {"events": "overflow", "audiences": "queued", "dsr": "queued"}),
        ({"audiences": "inline"}, {"events": "overflow", "audiences": "inline", "dsr": "queued"}),
        (
            {"audiences": "inline", "dsr": "inline"},
            {"events": "inline", "audiences": "inline", "dsr": "inline"},
        ),
        (
            {"events": "queued", "audiences": "inline", "dsr": "inline"},
            {"events": "queued", "audiences": "inline", "dsr": "inline"},
        ),
    ],
)
def test_events_overflow_unless_no_other_family_has_a_queue(
    chosen: dict[str, Mode], modes: dict[FamilyName, Mode]
) -> None:
    processing = Processing.model_validate(chosen)

    assert {family: processing.mode_of(family) for family in modes} == modes
