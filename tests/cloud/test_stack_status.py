"""Every status that a stack can have, with what it means for a deployment."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from cloud.stack_status import RULES, rule_of

MODEL: Any = botocore.session.get_session().get_service_model("cloudformation")


def test_every_status_of_cloudformation_has_a_row() -> None:
    assert set(RULES) == set(MODEL.shape_for("StackStatus").enum)


@pytest.mark.parametrize("status", sorted(RULES))
def test_status_is_deployed_onto_or_has_a_next_step_that_is_complete(status: str) -> None:
    rule = rule_of(status, stack="acme-firehose-us-east-1", region="us-east-1")

    assert rule.meaning
    assert rule.may_deploy is (not rule.next_step)
    assert "{" not in rule.next_step


@pytest.mark.parametrize("status", [it for it in RULES if it.endswith("_IN_PROGRESS")])
def test_stack_at_work_is_waited_for_but_one_under_review_is_not(status: str) -> None:
    rule = rule_of(status, stack="s", region="r")

    assert rule.may_deploy is (status == "REVIEW_IN_PROGRESS")
    assert rule.may_deploy or rule.next_step.startswith("wait until it is done")


@pytest.mark.parametrize("status", ["ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"])
def test_failed_first_deployment_is_ended_by_destroy(status: str) -> None:
    assert rule_of(status, stack="s", region="r").next_step.startswith(
        "firehose destroy --region r"
    )


def test_status_that_is_not_known_yet_is_waited_for() -> None:
    assert not rule_of("DREAMING", stack="s", region="r").may_deploy
