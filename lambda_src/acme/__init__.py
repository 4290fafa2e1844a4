"""The partner's code: passes on to Acme's service what mParticle sends.

Each message is one call of the service at `PARTNER_API_URL` (`[environment]` in deployment.toml),
with the customer's own key. What the service answers decides what becomes of the message.
"""

from __future__ import annotations

import os

import msgspec

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
    RetryableError,
    Secret,
)

from . import content
from .idempotency import idempotency_key
from .partner_api import PartnerApi
from .registration import API_KEY, LIST_ID, registration


class Acme(MessageProcessor):
    """One object per process, made before the first message: the place for what is kept.

    In each hook, `super()` gives the response that acknowledges; what is raised instead decides
    whether the message comes again (docs/delivery.md).
    """

    def __init__(self) -> None:
        # Without a URL there is still a registration to print, and a check to answer.
        self._api = _api_at(os.environ.get("PARTNER_API_URL", ""))

    def close(self) -> None:
        """Close what is kept; a process that ends need not."""
        if self._api:
            self._api.close()

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        """Tell mParticle what this integration is and wants."""
        return registration()

    def process_event_processing_request(
        self, request: EventProcessingRequest
    ) -> EventProcessingResponse:
        """Pass on a batch, unless it only checks that we are alive."""
        if not request.is_idle:
            self._send("/events", request, content.of_batch(request), key=_key(request.account))
        return super().process_event_processing_request(request)

    def process_audience_subscription_request(
        self, request: AudienceSubscriptionRequest
    ) -> AudienceSubscriptionResponse:
        """Pass on that a customer connected, changed or removed an audience; keep its list."""
        about = content.of_subscription(request)
        answer = self._send("/audiences", request, about, key=_key(request.account))
        response = super().process_audience_subscription_request(request)
        if list_id := _list_id(answer):
            # mParticle stores it and sends it along with every membership change.
            response.audience_subscription_settings[LIST_ID] = Secret(list_id)
        return response

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        """Pass on who entered or left audiences."""
        about = content.of_membership(request)
        self._send("/memberships", request, about, key=_key(request.account))
        return super().process_audience_membership_change_request(request)

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        """Pass on an erasure. Some have no account; the service decides about one without a key."""
        key = request.account.text_setting(API_KEY, None) if request.account else None
        self._send("/erasures", request, content.of_erasure(request), key=key)
        return super().process_dsr_processing_request(request)

    def _send(
        self, path: str, request: Request, about: content.Content, *, key: Secret | None
    ) -> bytes:
        if self._api is None:
            # Acknowledging it would lose it.
            raise RetryableError("PARTNER_API_URL is not set: [environment] in deployment.toml")
        return self._api.send(path, about, key=key, idempotency_key=idempotency_key(request))


def _api_at(url: str) -> PartnerApi | None:
    try:
        return PartnerApi(url) if url else None
    except ValueError as error:
        raise ValueError(f"PARTNER_API_URL: {error}") from None


class _Mirror(msgspec.Struct):
    """What the service answers to a subscription: the list that mirrors the audience."""

    list_id: str = ""


def _list_id(answer: bytes) -> str:
    """Read the list from an answer; none if it names none, for then the audience's id will do."""
    try:
        return msgspec.json.decode(answer, type=_Mirror).list_id
    except msgspec.DecodeError:
        return ""


def _key(account: Account | None) -> Secret:
    key = account.text_setting(API_KEY, None) if account else None
    if not key:
        raise InvalidCredentials(f"the account setting {API_KEY} is empty")
    return key
