"""What `firehose verify` makes of an answer: right, wrong, or better done otherwise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ops.commands.verify import conclude
from ops.proof.verdicts import verdict
from plan.fields import TransportName
from probe.message_checks import MESSAGE_CHECKS, QUICK_CHECKS
from tests.workbench.contract import pretender
from tests.workbench.contract.pretender import Handler, stage

CHECKS = {check.name: check for check in MESSAGE_CHECKS}


@pytest.mark.parametrize("transport", ["lambda", "https"])
def test_every_quick_check_of_a_right_endpoint_is_right(transport: TransportName) -> None:
    found = [verdict(stage(pretender.right, transport), "eu", check) for check in QUICK_CHECKS]

    assert all(it.is_right for it in found), found
    assert [it.message for it in found] == [check.name for check in QUICK_CHECKS]
    assert {it.transport for it in found} == {transport}


@pytest.mark.parametrize(
    ("name", "handler", "advice"),
    [
        ("event_processing_request", pretender.names_itself, "another id than the request's"),
        ("unknown_event_type", pretender.strict, "is not a known type"),
    ],
)
def test_what_nobody_demands_is_advice_and_no_problem(
    name: str, handler: Handler, advice: str
) -> None:
    found = verdict(stage(handler, "lambda"), "eu", CHECKS[name])

    assert found.problem is None
    assert advice in str(found.advice)
    assert not found.is_right


@pytest.mark.parametrize("name", ["event_processing_request", "dsr_processing_request"])
def test_wrong_answer_is_a_problem(name: str) -> None:
    found = verdict(stage(pretender.of_another_pair, "lambda"), "eu", CHECKS[name])

    assert "instead of" in str(found.problem)
    assert found.advice is None


def test_verdict_shows_neither_settings_nor_the_answer() -> None:
    secret = replace(stage(pretender.right, "lambda"), settings={"key": "canary-3"})
    found = verdict(secret, "eu", CHECKS["event_processing_request"])

    assert "canary-3" not in repr(found)
    assert found.answer.content["type"] not in repr(found)


def test_last_words_count_what_is_right_and_tell_every_advice(
    capsys: pytest.CaptureFixture[str],
) -> None:
    right = verdict(stage(pretender.right, "lambda"), "eu", QUICK_CHECKS[0])
    better = verdict(stage(pretender.names_itself, "lambda"), "eu", QUICK_CHECKS[0])

    conclude([right, right])
    conclude([right, better])

    all_right, advice, counted = capsys.readouterr().err.splitlines()
    assert all_right == "All 2 answers are right. Next: firehose handoff"
    assert advice.startswith("eu: lambda: module_registration_request: advice: answered another id")
    assert counted == "1 of 2 answers are right. Next: firehose handoff"
