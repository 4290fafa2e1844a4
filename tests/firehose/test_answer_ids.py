"""Under which id each request is answered."""

from __future__ import annotations

import pytest
from msgspec import structs

from firehose import (
    AudienceMembershipChangeRequest,
    AudienceSubscriptionRequest,
    DsrProcessingRequest,
    EventProcessingRequest,
    EventProcessingResponse,
    Request,
)
from firehose.processor import MESSAGE_HOOKS
from tests.firehose.conftest import Registered

MESSAGE_ID = "0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a"
REQUESTS = [
    EventProcessingRequest(id=MESSAGE_ID),
    AudienceSubscriptionRequest(id=MESSAGE_ID),
    AudienceMembershipChangeRequest(id=MESSAGE_ID),
    AudienceMembershipChangeRequest(id=MESSAGE_ID, user_profiles=[]),
    DsrProcessingRequest(id=MESSAGE_ID),
]


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda it: it.type)
def test_hook_that_nobody_wrote_answers_under_the_id_of_the_request(request_: Request) -> None:
    hook, _ = MESSAGE_HOOKS[type(request_)]

    assert getattr(Registered(), hook)(request_).id == MESSAGE_ID


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda it: it.type)
def test_request_without_id_is_answered_under_a_new_one(request_: Request) -> None:
    nameless = structs.replace(request_, id="")

    assert len(Registered().process(nameless).id) == 36


def test_answer_under_the_right_id_is_the_hooks_own() -> None:
    own = EventProcessingResponse(id=MESSAGE_ID)

    class Own(Registered):
        def process_event_processing_request(
            self, request: EventProcessingRequest
        ) -> EventProcessingResponse:
            return own

    assert Own().process(EventProcessingRequest(id=MESSAGE_ID)) is own
