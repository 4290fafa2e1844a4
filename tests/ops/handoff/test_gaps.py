"""Which proof speaks for what is live, and which gaps a hand-off has to name."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ops.handoff.gaps import Gap, find_gaps
from ops.handoff.live_facts import LiveFacts, TokenFacts
from ops.proof.proof_file import SavedProofs
from plan.target import LOCAL
from tests.ops.handoff.handed_over import (
    NOW,
    answers,
    facts,
    latency,
    load,
    loads,
    saved,
    subject,
)

WHOLE = saved(answers(), latency())


def gaps(proofs: SavedProofs, live: LiveFacts | None = None, *, errors: int = 0) -> list[str]:
    found = find_gaps(
        proofs, name="acme", live={"us-east-1": live or facts()}, errors=errors, now=NOW
    )
    return [str(gap) for gap in found]


def old(days: float) -> str:
    return (NOW - timedelta(days=days)).isoformat()


def test_fresh_proof_of_the_live_code_leaves_none() -> None:
    assert gaps(WHOLE) == []


@pytest.mark.parametrize(
    ("proofs", "text"),
    [
        (saved(answers(made_at=old(1.1)), latency()), "answers were proven a day ago."),
        (saved(answers(), latency(made_at=old(2))), "answer times were proven 2 days ago."),
        (saved(answers(region="eu-central-1")), "nothing is proven here."),
        (saved(answers()), "no answer times were measured."),
        (saved(latency()), "no answers were proven."),
        (
            saved(answers(), latency(loads=loads(load("lambda", 200)))),
            "answer times over https: not measured.",
        ),
        (
            saved(
                answers(),
                latency(
                    loads=loads(load("lambda", 200), load("https", 100, conclusion="too few calls"))
                ),
            ),
            "answer times over https: too few calls.",
        ),
        (
            saved(answers(subject=subject(**{"lambda": "arn"})), latency()),
            "nothing is proven over https.",
        ),
    ],
)
def test_proof_that_does_not_speak_for_what_is_live_is_told(proofs: SavedProofs, text: str) -> None:
    assert f"us-east-1: {text}" in gaps(proofs)


def test_proof_of_another_deployment_is_told() -> None:
    assert gaps(saved(deployment="other")) == ["The proof is of other, not of acme."]


def test_proof_of_another_account_is_refused_though_names_and_code_are_the_same() -> None:
    other = subject(account="999988887777")

    assert gaps(saved(answers(subject=other), latency(subject=other))) == [
        "us-east-1: the proof is of account 999988887777, not of 111122223333."
    ]


def test_proof_of_another_endpoint_is_refused() -> None:
    (told,) = gaps(WHOLE, facts(subject(https="https://other.example")))

    assert told.endswith("amazonaws.com/firehose, not of https://other.example.")


@pytest.mark.parametrize("kind", [answers, latency])
def test_each_kind_of_proof_is_of_its_own_code(kind: type) -> None:
    older = kind(subject=subject(code="before"))

    assert gaps(WHOLE.with_newer([older])) == [
        "us-east-1: other code runs now than was proven over lambda.",
        "us-east-1: other code runs now than was proven over https.",
    ]


def test_embedded_aws_is_never_proven() -> None:
    embedded = subject(account=str(LOCAL.account))
    proofs = saved(answers(subject=embedded), latency(subject=embedded))

    assert gaps(proofs, facts(embedded)) == [
        "us-east-1: this is the embedded AWS on one machine, no endpoint that mParticle can reach."
    ]


@pytest.mark.parametrize("function", ["acme-lambda", "acme-https"])
def test_function_that_may_serve_too_few_calls_is_told(function: str) -> None:
    room = {"acme-lambda": 1_000, "acme-https": 1_000} | {function: 900}

    assert gaps(WHOLE, facts(concurrency=room)) == [
        f"us-east-1: Lambda lets {function} serve 900 calls at once; mParticle demands 1,000."
    ]


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (TokenFacts(stored=None, accepted=None), "no token of mParticle's is stored"),
        (TokenFacts(stored="2026-11-01", accepted=False), "the URL refuses the token"),
    ],
)
def test_token_that_would_not_let_mparticle_in_is_told(token: TokenFacts, text: str) -> None:
    (told,) = gaps(WHOLE, facts(token=token))

    assert told.startswith(f"us-east-1: {text}")


@pytest.mark.parametrize(("errors", "text"), [(1, "an error"), (2, "2 errors")])
def test_registration_that_mparticle_would_refuse_is_a_gap(errors: int, text: str) -> None:
    assert gaps(WHOLE, errors=errors) == [f"The registration has {text} by mParticle's rules."]


def test_text_of_a_gap_begins_with_its_region() -> None:
    assert str(Gap(region="eu-central-1", text="nothing.")) == "eu-central-1: nothing."
