"""What the integration tells mParticle about itself. mParticle stores it, so ids stay as they are.

Ask for what `content` passes on and for no more: whatever is asked for is sent.
"""

from __future__ import annotations

from firehose import (
    AudienceProcessingRegistration,
    BooleanSetting,
    BulkConfiguration,
    DeviceIdentityPermission,
    DeviceIdentityType,
    DsrProcessingRegistration,
    DsrType,
    Encoding,
    EventProcessingRegistration,
    EventType,
    FloatSetting,
    IntegerSetting,
    ModuleRegistrationResponse,
    PartnerIdentityPermission,
    Permissions,
    RuntimeEnvironmentType,
    SystemNotificationType,
    TextSetting,
    UserIdentityPermission,
    UserIdentityType,
)

_DOMAIN = "acme.example"

API_KEY = "apiKey"
PROJECT = "project"
KEEP_DAYS = "keepDays"
WEIGHT = "weight"
SEND_LOCATION = "sendLocation"
LIST_ID = "listId"
"""Ids of the settings, under which mParticle stores what customers enter."""


def registration() -> ModuleRegistrationResponse:
    """Make the registration; `firehose registration` prints it and what mParticle would ask."""
    return ModuleRegistrationResponse(
        name="Acme",
        version="1.0.0",
        description=f'Acme teaches. <a href="https://{_DOMAIN}">More</a>',
        permissions=_permissions(),
        event_processing_registration=_events(),
        audience_processing_registration=_audiences(),
        dsr_processing_registration=DsrProcessingRegistration(
            account_settings=[_api_key()],
            supported_dsr_types=[DsrType.ERASURE],
            domain=_DOMAIN,
        ),
    )


def _permissions() -> Permissions:
    return Permissions(
        # None is `required`, for that would keep away everybody who has not signed in.
        user_identities=[
            UserIdentityPermission(type=UserIdentityType.CUSTOMER, encoding=Encoding.RAW),
            UserIdentityPermission(type=UserIdentityType.EMAIL, encoding=Encoding.SHA256),
            UserIdentityPermission(type=UserIdentityType.MOBILE_NUMBER, encoding=Encoding.SHA256),
        ],
        device_identities=[
            DeviceIdentityPermission(type=DeviceIdentityType.ANDROID_ID, encoding=Encoding.RAW),
            DeviceIdentityPermission(
                type=DeviceIdentityType.GOOGLE_ADVERTISING_ID, encoding=Encoding.RAW
            ),
            DeviceIdentityPermission(
                type=DeviceIdentityType.IOS_ADVERTISING_ID, encoding=Encoding.RAW
            ),
            DeviceIdentityPermission(type=DeviceIdentityType.IOS_VENDOR_ID, encoding=Encoding.RAW),
        ],
        # The name of the user in your own system; once registered it can never change.
        partner_identities=[PartnerIdentityPermission(type="Acme_UserId", encoding=Encoding.RAW)],
        allow_access_location=True,
        allow_access_mpid=True,
        allow_audience_user_attributes=True,
        allow_consent_state=True,
        allow_user_attributes=True,
    )


def _events() -> EventProcessingRegistration:
    return EventProcessingRegistration(
        account_settings=[_api_key()],
        # They arrive among the account settings.
        event_connection_settings=[
            TextSetting(
                id=PROJECT,
                name="Project",
                description="The project in Acme that these events belong to",
                default_value="main",
            ),
            IntegerSetting(
                id=KEEP_DAYS,
                name="Keep for days",
                description="How long Acme keeps these events",
                default_value=365,
                min_value=1,
                max_value=1095,
            ),
            FloatSetting(
                id=WEIGHT,
                name="Weight",
                description="How much these events count in a learner's score",
                default_value=1.0,
                min_value=0.0,
                max_value=10.0,
            ),
            BooleanSetting(
                id=SEND_LOCATION,
                name="Send location",
                description="Tell Acme where events happened",
            ),
        ],
        supported_event_types=[
            EventType.SESSION_START,
            EventType.SESSION_END,
            EventType.SCREEN_VIEW,
            EventType.CUSTOM_EVENT,
            EventType.PRODUCT_ACTION,
            EventType.USER_ATTRIBUTE_CHANGE,
            EventType.USER_IDENTITY_CHANGE,
        ],
        supported_runtime_environments=[
            RuntimeEnvironmentType.ANDROID,
            RuntimeEnvironmentType.IOS,
            RuntimeEnvironmentType.MOBILEWEB,
            RuntimeEnvironmentType.UNKNOWN,
        ],
        supported_system_notification_types=[
            SystemNotificationType.GDPR_CONSENT_STATE,
            SystemNotificationType.CCPA_CONSENT_STATE,
        ],
        max_data_age_hours=72,
    )


def _audiences() -> AudienceProcessingRegistration:
    return AudienceProcessingRegistration(
        account_settings=[_api_key()],
        audience_subscription_settings=[
            # Hidden: nobody enters it, the answer to a subscription fills it in.
            TextSetting(
                id=LIST_ID,
                name="List",
                description="The list in Acme that mirrors the audience",
                visible=False,
            )
        ],
        # What the names say is all that is known of these two: agree on them with mParticle.
        bulk_configuration=BulkConfiguration(
            bulk_forward_wait_for_messages=100, bulk_forward_wait_in_minutes=1
        ),
    )


def _api_key() -> TextSetting:
    """Make the customer's key; a setting belongs to one block, so each that reads it lists it."""
    return TextSetting(
        id=API_KEY,
        name="API key",
        description="Found in your account's settings",
        required=True,
        confidential=True,
    )
