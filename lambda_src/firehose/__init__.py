"""The Firehose wire protocol of mParticle: messages, reading and writing, routing, registration.

    from firehose import MessageProcessor, decode, encode

Everything public is here; the modules behind it are free to change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from firehose.account import Account
from firehose.audiences import (
    AttributeAction,
    Audience,
    AudienceAction,
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    AudienceSubscriptionRequest,
    AudienceSubscriptionResponse,
    SubscriptionAction,
    UserAttributeAudienceEvent,
    UserProfile,
)
from firehose.authentication import (
    AccessTokenType,
    AuthenticationConfiguration,
    AuthenticationType,
    GrantType,
    OAuth2Authentication,
    ScopeDetail,
)
from firehose.batch import EventProcessingRequest, EventProcessingResponse, PlatformFields
from firehose.codec import decode, encode, to_dict
from firehose.commerce import (
    Impression,
    ImpressionEvent,
    Product,
    ProductAction,
    ProductActionEvent,
    Promotion,
    PromotionAction,
    PromotionActionEvent,
)
from firehose.consent import CCPA_PURPOSE, CCPAConsent, Consent, ConsentState, GDPRConsent
from firehose.deadline import TimeLimit, remaining_seconds
from firehose.dsr import (
    DsrProcessingRequest,
    DsrProcessingResponse,
    DsrType,
    OpenDsrEncoding,
    OpenDsrIdentity,
    OpenDsrIdentityType,
    RegulationType,
)
from firehose.errors import (
    FirehoseError,
    InvalidCredentials,
    InvalidMessage,
    RejectedMessage,
    RetryableError,
)
from firehose.event import Event, EventType, Location
from firehose.events import (
    ApplicationState,
    ApplicationStateTransitionEvent,
    AttributionEvent,
    CustomEvent,
    CustomType,
    ErrorEvent,
    PrivacySetting,
    PrivacySettingChangeEvent,
    PushMessageOpenEvent,
    PushMessageReceiptEvent,
    PushSubscriptionAction,
    PushSubscriptionEvent,
    ScreenViewEvent,
    SessionEndEvent,
    SessionStartEvent,
    UnknownEvent,
    UserAttributeChangeEvent,
    UserIdentityChangeEvent,
)
from firehose.identities import (
    DeviceIdentity,
    DeviceIdentityType,
    Encoding,
    Identity,
    PartnerIdentity,
    UserIdentity,
    UserIdentityType,
)
from firehose.instant import Instant
from firehose.message import PROTOCOL_VERSION, Message, MessageType, Request, Response
from firehose.model import Model
from firehose.notifications import (
    CCPAConsentStateNotification,
    GDPRConsentStateNotification,
    SystemNotification,
    SystemNotificationType,
    UnknownNotification,
)
from firehose.permissions import (
    DeviceIdentityPermission,
    IdentityPermission,
    PartnerIdentityPermission,
    Permissions,
    UserIdentityPermission,
)
from firehose.processor import MessageProcessor
from firehose.registration import (
    AudienceProcessingRegistration,
    BulkConfiguration,
    DsrProcessingRegistration,
    EventProcessingRegistration,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
)
from firehose.runtime_environments import (
    AlexaRuntimeEnvironment,
    AndroidRuntimeEnvironment,
    AttAuthorizationStatus,
    FireTVRuntimeEnvironment,
    GenericRuntimeEnvironment,
    IosRuntimeEnvironment,
    RokuRuntimeEnvironment,
    RuntimeEnvironment,
    RuntimeEnvironmentType,
    SamsungTVRuntimeEnvironment,
    SmartTVRuntimeEnvironment,
    TVOSRuntimeEnvironment,
    UnknownRuntimeEnvironment,
    WebRuntimeEnvironment,
    XboxRuntimeEnvironment,
)
from firehose.secret import Secret
from firehose.settings import (
    BooleanSetting,
    FloatSetting,
    IntegerSetting,
    Setting,
    SettingType,
    TextSetting,
)

if TYPE_CHECKING:
    from firehose.registration_checks import Finding, check_answer, check_registration

__all__ = [
    "CCPA_PURPOSE",
    "PROTOCOL_VERSION",
    "AccessTokenType",
    "Account",
    "AlexaRuntimeEnvironment",
    "AndroidRuntimeEnvironment",
    "ApplicationState",
    "ApplicationStateTransitionEvent",
    "AttAuthorizationStatus",
    "AttributeAction",
    "AttributionEvent",
    "Audience",
    "AudienceAction",
    "AudienceMembershipChangeRequest",
    "AudienceMembershipChangeResponse",
    "AudienceProcessingRegistration",
    "AudienceSubscriptionRequest",
    "AudienceSubscriptionResponse",
    "AuthenticationConfiguration",
    "AuthenticationType",
    "BooleanSetting",
    "BulkConfiguration",
    "CCPAConsent",
    "CCPAConsentStateNotification",
    "Consent",
    "ConsentState",
    "CustomEvent",
    "CustomType",
    "DeviceIdentity",
    "DeviceIdentityPermission",
    "DeviceIdentityType",
    "DsrProcessingRegistration",
    "DsrProcessingRequest",
    "DsrProcessingResponse",
    "DsrType",
    "Encoding",
    "ErrorEvent",
    "Event",
    "EventProcessingRegistration",
    "EventProcessingRequest",
    "EventProcessingResponse",
    "EventType",
    "Finding",
    "FireTVRuntimeEnvironment",
    "FirehoseError",
    "FloatSetting",
    "GDPRConsent",
    "GDPRConsentStateNotification",
    "GenericRuntimeEnvironment",
    "GrantType",
    "Identity",
    "IdentityPermission",
    "Impression",
    "ImpressionEvent",
    "Instant",
    "IntegerSetting",
    "InvalidCredentials",
    "InvalidMessage",
    "IosRuntimeEnvironment",
    "Location",
    "Message",
    "MessageProcessor",
    "MessageType",
    "Model",
    "ModuleRegistrationRequest",
    "ModuleRegistrationResponse",
    "OAuth2Authentication",
    "OpenDsrEncoding",
    "OpenDsrIdentity",
    "OpenDsrIdentityType",
    "PartnerIdentity",
    "PartnerIdentityPermission",
    "Permissions",
    "PlatformFields",
    "PrivacySetting",
    "PrivacySettingChangeEvent",
    "Product",
    "ProductAction",
    "ProductActionEvent",
    "Promotion",
    "PromotionAction",
    "PromotionActionEvent",
    "PushMessageOpenEvent",
    "PushMessageReceiptEvent",
    "PushSubscriptionAction",
    "PushSubscriptionEvent",
    "RegulationType",
    "RejectedMessage",
    "Request",
    "Response",
    "RetryableError",
    "RokuRuntimeEnvironment",
    "RuntimeEnvironment",
    "RuntimeEnvironmentType",
    "SamsungTVRuntimeEnvironment",
    "ScopeDetail",
    "ScreenViewEvent",
    "Secret",
    "SessionEndEvent",
    "SessionStartEvent",
    "Setting",
    "SettingType",
    "SmartTVRuntimeEnvironment",
    "SubscriptionAction",
    "SystemNotification",
    "SystemNotificationType",
    "TVOSRuntimeEnvironment",
    "TextSetting",
    "TimeLimit",
    "UnknownEvent",
    "UnknownNotification",
    "UnknownRuntimeEnvironment",
    "UserAttributeAudienceEvent",
    "UserAttributeChangeEvent",
    "UserIdentity",
    "UserIdentityChangeEvent",
    "UserIdentityPermission",
    "UserIdentityType",
    "UserProfile",
    "WebRuntimeEnvironment",
    "XboxRuntimeEnvironment",
    "check_answer",
    "check_registration",
    "decode",
    "encode",
    "remaining_seconds",
    "to_dict",
]


def __getattr__(name: str) -> Any:
    """Load the registration checks when they are first asked for; endpoints never do."""
    if name not in {"Finding", "check_answer", "check_registration"}:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from firehose import registration_checks  # noqa: PLC0415 — see above

    return getattr(registration_checks, name)
