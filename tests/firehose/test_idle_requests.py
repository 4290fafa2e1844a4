"""Which requests only check that the endpoint is alive."""

from __future__ import annotations

import pytest

from firehose import (
    AudienceMembershipChangeRequest,
    AudienceSubscriptionRequest,
    ConsentState,
    CustomEvent,
    DsrProcessingRequest,
    Encoding,
    EventProcessingRequest,
    GDPRConsentStateNotification,
    ModuleRegistrationRequest,
    PartnerIdentity,
    Request,
    Secret,
    UserIdentity,
    UserIdentityType,
)

USER = UserIdentity(type=UserIdentityType.EMAIL, encoding=Encoding.RAW, value=Secret("a"))
PARTNER = PartnerIdentity(type="Acme_Id", encoding=Encoding.RAW, value=Secret("a"))


@pytest.mark.parametrize(
    "request_",
    [
        EventProcessingRequest(),
        EventProcessingRequest(mpid="1", source_id="s"),
        AudienceMembershipChangeRequest(),
    ],
)
def test_request_that_tells_nothing_of_a_user_is_idle(request_: Request) -> None:
    assert request_.is_idle is True


@pytest.mark.parametrize(
    "request_",
    [
        EventProcessingRequest(events=[CustomEvent()]),
        EventProcessingRequest(system_notifications=[GDPRConsentStateNotification()]),
        EventProcessingRequest(user_identities=[USER]),
        EventProcessingRequest(partner_identities=[PARTNER]),
        EventProcessingRequest(user_attributes={"plan": None}),
        EventProcessingRequest(user_attribute_lists={"seen": None}),
        EventProcessingRequest(consent_state=ConsentState()),
        AudienceMembershipChangeRequest(user_profiles=[]),
        AudienceSubscriptionRequest(),
        DsrProcessingRequest(),
        ModuleRegistrationRequest(),
    ],
)
def test_request_with_data_is_not_idle(request_: Request) -> None:
    assert request_.is_idle is False
