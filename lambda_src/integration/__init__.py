"""The partner's code. This example takes every kind of message and checks the customer's key."""

from __future__ import annotations

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
)
from integration.registration import API_KEY, registration


class Integration(MessageProcessor):
    """One object per process, made before the first message: the place for clients to keep.

    Each hook is where your API is called; `super()` gives the response that acknowledges.
    """

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
            _require_key(request.account)
        return super().process_event_processing_request(request)

    def process_audience_subscription_request(
        self, request: AudienceSubscriptionRequest
    ) -> AudienceSubscriptionResponse:
        """Take note that a customer connected, changed or removed an audience."""
        _require_key(request.account)
        return super().process_audience_subscription_request(request)

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        """Take the users that entered or left audiences."""
        _require_key(request.account)
        return super().process_audience_membership_change_request(request)

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        """Take an erasure. mParticle's own sample has no account, so no key is asked for."""
        return super().process_dsr_processing_request(request)


def _require_key(account: Account | None) -> None:
    if not (account and account.text_setting(API_KEY, None)):
        raise InvalidCredentials(f"the account setting {API_KEY} is empty")
