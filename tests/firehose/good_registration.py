"""A registration without findings, and changes of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from firehose import (
    AudienceProcessingRegistration,
    DsrProcessingRegistration,
    DsrType,
    Encoding,
    EventProcessingRegistration,
    EventType,
    ModuleRegistrationResponse,
    OAuth2Authentication,
    PartnerIdentityPermission,
    Permissions,
    RuntimeEnvironmentType,
    ScopeDetail,
    TextSetting,
    UserIdentityPermission,
    UserIdentityType,
)

EVENTS = "$.event_processing_registration"
AUDIENCES = "$.audience_processing_registration"
DSR = "$.dsr_processing_registration"


def api_key() -> TextSetting:
    return TextSetting(
        id="apiKey", name="API Key", description="From your account page", required=True,
        confidential=True,
    )  # fmt: skip


def registration() -> ModuleRegistrationResponse:
    """Return a registration without findings."""
    return ModuleRegistrationResponse(
        name="Acme",
        version="1.4",
        description="Acme sends <a href='https://acme.example'>letters</a>.",
        permissions=Permissions(
            user_identities=[
                UserIdentityPermission(type=UserIdentityType.EMAIL, encoding=Encoding.SHA256)
            ],
            partner_identities=[PartnerIdentityPermission(type="Acme_Id", encoding=Encoding.RAW)],
        ),
        event_processing_registration=EventProcessingRegistration(
            account_settings=[api_key()],
            supported_event_types=[EventType.CUSTOM_EVENT],
            supported_runtime_environments=[RuntimeEnvironmentType.IOS],
        ),
        audience_processing_registration=AudienceProcessingRegistration(
            account_settings=[api_key()],
            authentication=OAuth2Authentication(
                authorization_url="https://acme.example/authorize",
                token_url="https://acme.example/token",
                client_id="mparticle",
                scopes=[ScopeDetail(name="lists", description="Change lists")],
            ),
            audience_subscription_settings=[
                TextSetting(id="list", name="List", description="Its number")
            ],
        ),
        dsr_processing_registration=DsrProcessingRegistration(
            account_settings=[api_key()], supported_dsr_types=[DsrType.ERASURE], domain="a.example"
        ),
    )


Change = Callable[[Any], None]


def put(path: str, value: Any) -> Change:
    """Make a change that sets one attribute, found by its dotted path."""

    def change(subject: Any) -> None:
        *steps, last = path.split(".")
        for step in steps:
            subject = subject[int(step)] if step.isdigit() else getattr(subject, step)
        setattr(subject, last, value)

    return change


E = "event_processing_registration"
A = "audience_processing_registration"
D = "dsr_processing_registration"
AUTH = f"{A}.authentication"
