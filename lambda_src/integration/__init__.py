"""The partner's code. This example takes every kind of message and checks the customer's key.

With the variable `PARTNER_API_URL` it passes on to that service what each message is about.
"""

from __future__ import annotations

import os

from firehose import (
    Account,
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    AudienceSubscriptionRequest,
    AudienceSubscriptionResponse,
    DsrProcessingRequest,
    DsrProcessingResponse,
    EventProcessingRequest,
    EventProcessingResponse,
    InvalidCredentials,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    Request,
    Secret,
)
from integration.registration import API_KEY, registration


class Integration(MessageProcessor):
    """One object per process, made before the first message: the place for clients to keep.

    Each hook is where your API is called; `super()` gives the response that acknowledges.
    """

    def __init__(self) -> None:
        self._api = None
        if url := os.environ.get("PARTNER_API_URL"):
            # Loaded when it is needed, because mParticle waits for what this loads.
            from integration.partner_api import PartnerApi  # noqa: PLC0415 - see above

            self._api = PartnerApi(url)

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        """Tell mParticle what this integration is and wants."""
        return registration()

    def process_event_processing_request(
        self, request: EventProcessingRequest
    ) -> EventProcessingResponse:
        """Take a batch; without events it only checks that we are alive, and may have no key."""
        if request.events:
            key = _key_of(request.account)
            self._pass_on("/events", request, key, [event.id for event in request.events])
        return super().process_event_processing_request(request)

    def process_audience_subscription_request(
        self, request: AudienceSubscriptionRequest
    ) -> AudienceSubscriptionResponse:
        """Take note that a customer connected, changed or removed an audience."""
        _key_of(request.account)
        return super().process_audience_subscription_request(request)

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        """Take the users that entered or left audiences."""
        key = _key_of(request.account)
        self._pass_on("/audiences", request, key, len(request.user_profiles or ()))
        return super().process_audience_membership_change_request(request)

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        """Take an erasure. mParticle's own sample has no account, so no key is asked for."""
        self._pass_on("/erasures", request, None, request.subject_request_id)
        return super().process_dsr_processing_request(request)

    def _pass_on(self, path: str, request: Request, key: Secret | None, about: object) -> None:
        if self._api is not None:
            content = {"id": request.id, "about": about}
            self._api.send(path, key=key, message_id=request.id, content=content)


def _key_of(account: Account | None) -> Secret:
    key = account.text_setting(API_KEY, None) if account else None
    if not key:
        raise InvalidCredentials(f"the account setting {API_KEY} is empty")
    return key
