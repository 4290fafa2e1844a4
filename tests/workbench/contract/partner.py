"""A partner's integration that does everything right, and others that do one thing wrong."""

from __future__ import annotations

import json
import logging
import os
import time
import uuid
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    AudienceProcessingRegistration,
    DsrProcessingRegistration,
    DsrProcessingRequest,
    DsrProcessingResponse,
    DsrType,
    EventProcessingRegistration,
    EventProcessingRequest,
    EventProcessingResponse,
    EventType,
    InvalidCredentials,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    ProductActionEvent,
    Request,
    RetryableError,
    RuntimeEnvironmentType,
    TextSetting,
    to_dict,
)


class Right(MessageProcessor):
    """Passes on what each message is about; gives up after half a second."""

    timeout_seconds = 0.5

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        key = TextSetting(id="key", name="Key", description="Yours", confidential=True)
        return ModuleRegistrationResponse(
            name="Test",
            version="1",
            event_processing_registration=EventProcessingRegistration(account_settings=[key]),
            audience_processing_registration=AudienceProcessingRegistration(account_settings=[key]),
            dsr_processing_registration=DsrProcessingRegistration(
                account_settings=[key], supported_dsr_types=[DsrType.ERASURE]
            ),
        )

    def process_event_processing_request(
        self, request: EventProcessingRequest
    ) -> EventProcessingResponse:
        if request.events:
            self.pass_on(request)
        return super().process_event_processing_request(request)

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        self.pass_on(request)
        return super().process_audience_membership_change_request(request)

    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        self.pass_on(request)
        return super().process_dsr_processing_request(request)

    def pass_on(self, request: Request) -> None:
        try:
            status = self.call(request)
        except (OSError, HTTPException) as error:
            raise RetryableError(type(error).__name__) from None
        if status == 401:
            self.refused()
        elif status >= 300:
            raise RetryableError(str(status))

    def host(self) -> str:
        return urlsplit(os.environ["PARTNER_API_URL"]).netloc

    def call(self, request: Request) -> int:
        return self.post(self.body(request), request)

    def body(self, request: Request) -> dict[str, object]:
        return {"id": request.id}

    def post(self, body: dict[str, object], request: Request) -> int:
        connection = HTTPConnection(self.host(), timeout=self.timeout_seconds)
        try:
            connection.request("POST", "/", json.dumps(body), self.headers(request))
            return connection.getresponse().status
        finally:
            connection.close()

    def headers(self, request: Request) -> dict[str, str]:
        return {"Idempotency-Key": request.id}

    def refused(self) -> None:
        raise InvalidCredentials("401")


class Deaf(MessageProcessor):
    """Registers for events and has no hook for any: all of them would be lost."""

    process_registration_request = Right.process_registration_request


class Callless(Right):
    """Calls nobody, as one that stores what it gets."""

    def pass_on(self, request: Request) -> None:
        """Do nothing."""


class WithoutKey(Right):
    """Lets its service take a repetition for something new."""

    def headers(self, request: Request) -> dict[str, str]:
        return {}

    def body(self, request: Request) -> dict[str, object]:
        return {"call_id": str(uuid.uuid4()), "user_id": "u-1", "sent_at": time.time_ns()}


class KeyInBody(WithoutKey):
    """Names the message in the body, beside what differs each time."""

    def body(self, request: Request) -> dict[str, object]:
        return {"insertId": request.id, "sent_at": time.time_ns()}


class SameCall(WithoutKey):
    """Calls with nothing but what the message says."""

    def body(self, request: Request) -> dict[str, object]:
        return {"about": request.id[::-1]}


class OneByOne(Right):
    """Makes a call for each of three users."""

    def call(self, request: Request) -> int:
        return max(self.post(self.body(request) | {"user": user}, request) for user in range(3))


class WithoutAudiences(Right):
    """Registers for audiences and passes none on."""

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        return MessageProcessor.process_audience_membership_change_request(self, request)


class Broken(Right):
    """Has a mistake in it."""

    def pass_on(self, request: Request) -> None:
        raise KeyError("mistake")


class Offended(Right):
    """Stops calling for good when its service refuses a key once."""

    is_offended = False

    def call(self, request: Request) -> int:
        status = 200 if self.is_offended else super().call(request)
        self.is_offended = self.is_offended or status == 401
        return status


class PurchasesOnly(Right):
    """Registers for purchases and passes nothing else on."""

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        return ModuleRegistrationResponse(
            name="Test",
            version="1",
            event_processing_registration=EventProcessingRegistration(
                supported_event_types=[EventType.PRODUCT_ACTION],
                supported_runtime_environments=[RuntimeEnvironmentType.IOS],
            ),
        )

    def process_event_processing_request(
        self, request: EventProcessingRequest
    ) -> EventProcessingResponse:
        if all(isinstance(event, ProductActionEvent) for event in request.events):
            return super().process_event_processing_request(request)
        return EventProcessingResponse(id=request.id)


class EventsOnly(Right):
    """Registers for events alone, and cannot read anything else."""

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        both = super().process_registration_request(request)
        return ModuleRegistrationResponse(
            name="Test",
            version="1",
            event_processing_registration=both.event_processing_registration,
        )

    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        raise RuntimeError("nobody sends this")

    process_audience_subscription_request = process_audience_membership_change_request  # type: ignore[assignment]
    process_dsr_processing_request = process_audience_membership_change_request  # type: ignore[assignment]


class Endless(Right):
    """Waits for its service however long that takes."""

    timeout_seconds = 60


class Forgetful(Right):
    """Takes a message for delivered that was not."""

    def pass_on(self, request: Request) -> None:
        with suppress(RetryableError):
            super().pass_on(request)


class Hopeful(Right):
    """Takes a refused key for something that passes."""

    def refused(self) -> None:
        raise RetryableError("401")


class Indifferent(Right):
    """Takes a refused key for a success."""

    def refused(self) -> None:
        pass


class Talkative(Right):
    """Logs what it got when something fails."""

    def pass_on(self, request: Request) -> None:
        try:
            super().pass_on(request)
        except RetryableError:
            logging.warning("cannot deliver %s", json.dumps(to_dict(request)))
            raise


class Slow(Right):
    """Takes its time before it calls."""

    def pass_on(self, request: Request) -> None:
        time.sleep(0.3)
        super().pass_on(request)


class Wired(Right):
    """Knows by itself where its service is."""

    def host(self) -> str:
        return "api.acme.example"
