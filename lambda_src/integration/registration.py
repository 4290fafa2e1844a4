"""What the example integration tells mParticle about itself."""

from __future__ import annotations

from firehose import (
    AudienceProcessingRegistration,
    DsrProcessingRegistration,
    DsrType,
    Encoding,
    EventProcessingRegistration,
    EventType,
    ModuleRegistrationResponse,
    Permissions,
    RuntimeEnvironmentType,
    TextSetting,
    UserIdentityPermission,
    UserIdentityType,
)

API_KEY = "apiKey"
"""Id of the setting in which a customer enters the key of the partner's API."""


def registration() -> ModuleRegistrationResponse:
    """Make the registration. mParticle stores it, so ids must stay what they are."""
    # A setting belongs to one block; a shared one is listed in each that reads it.
    key = TextSetting(
        id=API_KEY,
        name="API key",
        description="Found in your account's settings",
        required=True,
        confidential=True,
    )
    return ModuleRegistrationResponse(
        name="Acme",
        version="1.0.0",
        description='Acme teaches. <a href="https://acme.example">More about Acme</a>',
        permissions=Permissions(
            user_identities=[
                UserIdentityPermission(type=UserIdentityType.EMAIL, encoding=Encoding.RAW),
                UserIdentityPermission(type=UserIdentityType.CUSTOMER, encoding=Encoding.RAW),
            ],
        ),
        event_processing_registration=EventProcessingRegistration(
            account_settings=[key],
            supported_event_types=[EventType.CUSTOM_EVENT, EventType.PRODUCT_ACTION],
            supported_runtime_environments=[
                RuntimeEnvironmentType.ANDROID,
                RuntimeEnvironmentType.IOS,
                RuntimeEnvironmentType.MOBILEWEB,
                RuntimeEnvironmentType.UNKNOWN,
            ],
        ),
        audience_processing_registration=AudienceProcessingRegistration(account_settings=[key]),
        dsr_processing_registration=DsrProcessingRegistration(
            account_settings=[key],
            supported_dsr_types=[DsrType.ERASURE],
            domain="acme.example",
        ),
    )
