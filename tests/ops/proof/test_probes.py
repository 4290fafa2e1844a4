"""The probes: all a partner has to answer, and a judge that is not easily pleased."""

from __future__ import annotations

from typing import Any

import pytest

from endpoint.answering import answer
from firehose import decode
from ops.proof.probes import Probe, probes
from tests.endpoint.taker import Taker


def test_probes_are_the_five_request_types_and_both_idle_requests() -> None:
    types = [probe.request["type"] for probe in probes()]
    idle = {probe.name for probe in probes() if probe.name.endswith("_idle")}

    assert len(set(types)) == 5
    assert len(types) == 7
    assert idle == {
        "event_processing_request_idle",
        "audience_membership_change_request_idle",
    }


def test_idle_probes_have_the_shape_that_mparticle_sends() -> None:
    by_name = {probe.name: probe.request for probe in probes()}

    assert by_name["event_processing_request_idle"]["events"] == []
    assert "user_profiles" not in by_name["audience_membership_change_request_idle"]


def test_every_probe_is_a_strictly_valid_message_with_an_id_of_its_own() -> None:
    messages = [decode(probe.request, strict=True) for probe in (*probes(), *probes())]

    assert len({message.id for message in messages}) == len(messages) == 14


@pytest.mark.parametrize("probe", probes(), ids=lambda probe: probe.name)
def test_answer_of_a_right_endpoint_has_no_problem(probe: Probe) -> None:
    assert probe.problem_of(answer(Taker(), probe.request)) is None


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"type": "dsr_processing_response"}, "answered type 'dsr_processing_response'"),
        ({"id": "00000000-0000-4000-8000-000000000000"}, "another id"),
        ({"name": 5}, "name"),
        ({"permissions": []}, "permissions"),
    ],
)
def test_wrong_answer_is_told_with_its_place(change: dict[str, Any], problem: str) -> None:
    probe = probes()[0]
    wrong = answer(Taker(), probe.request) | change

    assert problem in str(probe.problem_of(wrong))


@pytest.mark.parametrize("nothing", [None, "", [], 200])
def test_answer_that_is_no_object_is_wrong(nothing: object) -> None:
    assert "instead of a JSON object" in str(probes()[0].problem_of(nothing))
