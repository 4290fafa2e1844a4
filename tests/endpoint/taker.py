"""An integration that takes every message and does nothing, whatever the partner's does."""

from __future__ import annotations

from firehose import MessageProcessor, ModuleRegistrationRequest, ModuleRegistrationResponse


class Taker(MessageProcessor):
    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        return ModuleRegistrationResponse(name="Taker", version="1")
