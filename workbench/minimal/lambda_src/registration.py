"""What the integration tells mParticle about itself. mParticle stores it, so ids stay as they are.

Ask for what is passed on and for no more: whatever is asked for is sent.
"""

from __future__ import annotations

from firehose import (
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
"""Id of the setting with the customer's key, under which mParticle stores what they enter."""


def registration() -> ModuleRegistrationResponse:
    """Make the registration; `firehose registration` prints it and what mParticle would ask."""
    return ModuleRegistrationResponse(
        name="Acme",
        version="1.0.0",
        description='What Acme does. <a href="https://acme.example">More</a>',
        permissions=Permissions(
            user_identities=[
                UserIdentityPermission(type=UserIdentityType.CUSTOMER, encoding=Encoding.RAW),
                UserIdentityPermission(type=UserIdentityType.EMAIL, encoding=Encoding.SHA256),
            ],
        ),
        event_processing_registration=EventProcessingRegistration(
            account_settings=[
                TextSetting(
                    id=API_KEY,
                    name="API key",
                    description="Found in your account's settings",
                    required=True,
                    confidential=True,
                )
            ],
            supported_event_types=[EventType.CUSTOM_EVENT, EventType.SCREEN_VIEW],
            supported_runtime_environments=[
                RuntimeEnvironmentType.ANDROID,
                RuntimeEnvironmentType.IOS,
                RuntimeEnvironmentType.UNKNOWN,
            ],
            max_data_age_hours=72,
        ),
    )
