"""Which proof speaks for what is live, and which gaps a hand-off has to name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ops.handoff.gaps import Gap, find_gaps
from tests.ops.handoff.handed_over import NOW, VERSIONS, check, load, proof

LIVE = {"us-east-1": {"versions": VERSIONS}}


def gaps(saved: dict[str, Any], *, errors: int = 0) -> list[str]:
    return [str(gap) for gap in find_gaps(saved, name="acme", live=LIVE, errors=errors, now=NOW)]


def test_fresh_proof_of_the_live_code_leaves_none() -> None:
    assert gaps(proof()) == []


@pytest.mark.parametrize(
    ("saved", "text"),
    [
        (proof(age=timedelta(days=1, hours=1)), "The proof is a day old."),
        (proof(age=timedelta(days=2)), "The proof is 2 days old."),
        (proof(versions={"acme-firehose": "6 xyz"}), "us-east-1: other code runs now"),
        (proof(region="eu-central-1"), "us-east-1: nothing is proven here."),
        (proof(latency=[]), "us-east-1: no answer times were measured."),
        (proof(differences=["x"]), "us-east-1: the proof shows problems."),
        (proof(checks=[check("m", "https", "no")]), "us-east-1: the proof shows problems."),
        (
            proof(latency=[load("https", 100, conclusion="too few calls")]),
            "us-east-1: answer times over https: too few calls.",
        ),
        (proof() | {"deployment": "other"}, "The proof is of other, not of acme."),
    ],
)
def test_proof_that_does_not_speak_for_what_is_live_is_told(
    saved: dict[str, Any], text: str
) -> None:
    (found,) = gaps(saved)

    assert found.startswith(text)


@pytest.mark.parametrize(("errors", "text"), [(1, "an error"), (2, "2 errors")])
def test_registration_that_mparticle_would_refuse_is_a_gap(errors: int, text: str) -> None:
    assert gaps(proof(), errors=errors) == [
        f"The registration has {text} by mParticle's rules.",
    ]


def test_gap_of_a_region_begins_with_it() -> None:
    assert str(Gap(region="eu-central-1", text="nothing.")) == "eu-central-1: nothing."
