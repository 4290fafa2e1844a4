"""An answer belongs to its request and to what the registration declares."""

from __future__ import annotations

from typing import Any

import pytest

from firehose import (
    AudienceMembershipChangeRequest,
    AudienceSubscriptionRequest,
    AudienceSubscriptionResponse,
    CustomEvent,
    DsrProcessingResponse,
    EventProcessingRequest,
    EventProcessingResponse,
    Message,
    ModuleRegistrationRequest,
    Request,
    Secret,
    check_answer,
)
from tests.firehose.good_registration import registration


@pytest.mark.parametrize(
    ("request_", "response", "rules"),
    [
        (EventProcessingRequest(), EventProcessingResponse(), []),
        (EventProcessingRequest(), DsrProcessingResponse(), ["R1"]),
        (AudienceMembershipChangeRequest(), DsrProcessingResponse(), ["R2"]),
        (ModuleRegistrationRequest(), DsrProcessingResponse(), ["R3"]),
        (EventProcessingRequest(events=[CustomEvent()]), DsrProcessingResponse(), ["R4"]),
        (EventProcessingRequest(), EventProcessingResponse(id="1"), ["R4"]),
    ],
)
def test_an_answer_must_belong_to_its_request(
    request_: Request, response: Message, rules: list[str]
) -> None:
    found = check_answer(request_, response)
    assert [finding.id for finding in found] == rules
    assert {finding.severity for finding in found} <= {"error"}


@pytest.mark.parametrize(
    ("response", "found"),
    [
        (DsrProcessingResponse(), ("R4", "error", "$.type")),
        (EventProcessingResponse(id="1"), ("R4", "error", "$.id")),
    ],
)
def test_what_is_wrong_with_an_answer_has_its_place(
    response: Message, found: tuple[str, str, str]
) -> None:
    request = EventProcessingRequest(events=[CustomEvent()])

    assert [(it.id, it.severity, it.path) for it in check_answer(request, response)] == [found]


def test_returned_settings_must_be_declared_text() -> None:
    returned: dict[str, Any] = {"list": Secret("1"), "other": "2", "third": 3}
    answer = AudienceSubscriptionResponse(audience_subscription_settings=returned)
    found = check_answer(AudienceSubscriptionRequest(), answer, registration())
    assert [(f.id, f.text.partition(" ")[0]) for f in found] == [
        ("S10", "third"), ("S9", "other"), ("S9", "third"),
    ]  # fmt: skip
    assert {(f.severity, f.path) for f in found} == {("error", "$.audience_subscription_settings")}
