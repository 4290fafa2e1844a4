"""The registration pair: what this integration is, wants and supports."""

from firehose.authentication import AnyAuthentication
from firehose.dsr import DsrType
from firehose.event import EventType
from firehose.message import PROTOCOL_VERSION, MessageType, Request, Response
from firehose.model import Integer, Model
from firehose.notifications import SystemNotificationType
from firehose.permissions import Permissions
from firehose.runtime_environments import RuntimeEnvironmentType
from firehose.settings import AnySetting


class EventProcessingRegistration(Model):
    """The integration receives events."""

    account_settings: list[AnySetting] = []
    """Entered once per account."""
    event_connection_settings: list[AnySetting] = []
    """Entered per connection; they arrive merged into the account settings."""
    supported_event_types: list[EventType] = []
    """Only these events are sent."""
    supported_runtime_environments: list[RuntimeEnvironmentType] = []
    """Only events of these platforms are sent."""
    supported_system_notification_types: list[SystemNotificationType] = []
    max_data_age_hours: Integer = 24
    """Older events are not sent; -1 means no limit."""
    push_messaging_provider_id: str | None = None
    """Key in the partner's push payloads, agreed with mParticle. Needed for push receipts."""
    authentication: AnyAuthentication | None = None


class BulkConfiguration(Model):
    """When to forward waiting audience messages: at a number of them, or after a time."""

    bulk_forward_wait_for_messages: Integer | None = None
    bulk_forward_wait_in_minutes: Integer | None = None


class AudienceProcessingRegistration(Model):
    """The integration receives audiences."""

    account_settings: list[AnySetting] = []
    authentication: AnyAuthentication | None = None
    bulk_configuration: BulkConfiguration | None = None
    audience_subscription_settings: list[AnySetting] = []
    """Entered per audience if visible, returned by the subscription response if not."""


class DsrProcessingRegistration(Model):
    """The integration receives data subject requests."""

    account_settings: list[AnySetting] = []
    supported_dsr_types: list[DsrType] = []
    domain: str | None = None
    """Domain used for request callbacks."""


class ModuleRegistrationRequest(Request, tag=MessageType.MODULE_REGISTRATION_REQUEST.value):
    """mParticle's staff ask for the registration, before hand-off and after changes."""


class ModuleRegistrationResponse(
    Response, kw_only=True, tag=MessageType.MODULE_REGISTRATION_RESPONSE.value
):
    """The integration's entry in mParticle's directory, and what it supports.

    `check_registration` tells what mParticle would refuse or question.
    """

    sdk_version: str = PROTOCOL_VERSION
    name: str
    """Public name of the product or company."""
    description: str | None = None
    """Shorter than 230 characters of visible text, with a link to the company; inline HTML."""
    version: str
    """The partner's own version of the integration."""
    permissions: Permissions | None = None
    event_processing_registration: EventProcessingRegistration | None = None
    audience_processing_registration: AudienceProcessingRegistration | None = None
    dsr_processing_registration: DsrProcessingRegistration | None = None

    def __post_init__(self) -> None:
        if not (self.name and self.version):
            raise ValueError("a registration needs a name and a version")
