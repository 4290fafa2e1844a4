"""The partner's code: passes on to Acme's service the events that mParticle sends.

Each batch is one call of the service at `PARTNER_API_URL` (`[environment]` in deployment.toml),
with the customer's own key. What the service answers decides what becomes of the batch.
"""

from __future__ import annotations

import os

from acme.partner_api import PartnerApi
from acme.registration import API_KEY, registration
from firehose import (
    EventProcessingRequest,
    EventProcessingResponse,
    InvalidCredentials,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    RetryableError,
)


class Acme(MessageProcessor):
    """One object per process, made before the first message: the place for what is kept."""

    def __init__(self) -> None:
        # Without a URL there is still a registration to print, and a check to answer.
        url = os.environ.get("PARTNER_API_URL", "")
        self._api = PartnerApi(url) if url else None

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
            self._pass_on(request)
        return super().process_event_processing_request(request)

    def _pass_on(self, request: EventProcessingRequest) -> None:
        if self._api is None:
            # Acknowledging it would lose it.
            raise RetryableError("PARTNER_API_URL is not set: [environment] in deployment.toml")
        key = request.account.text_setting(API_KEY, None) if request.account else None
        if not key:
            raise InvalidCredentials(f"the account setting {API_KEY} is empty")
        about = {
            "customer": [{"type": one.type, "value": one.value} for one in request.user_identities],
            "events": [
                {"id": event.id, "kind": event.type, "at_ms": event.timestamp_ms}
                for event in request.events
            ],
        }
        self._api.send("/events", about, key=key, idempotency_key=request.id)
