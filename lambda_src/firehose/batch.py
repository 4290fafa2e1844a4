"""The event pair: a batch of events about one user or device, and its acknowledgement."""

from firehose.account import Account
from firehose.consent import ConsentState
from firehose.events import AnyEvent
from firehose.identities import PartnerIdentity, UserIdentity
from firehose.message import MessageType, Request, Response
from firehose.model import Flag, Integer, Model, Texts
from firehose.notifications import AnyNotification
from firehose.runtime_environments import AnyRuntimeEnvironment


class PlatformFields(Model):
    """Names and ids of the customer's set-up in mParticle. Needs `allow_platform_fields`."""

    mp_account_id: Integer = 0
    mp_account_name: str | None = None
    workspace_id: Integer = 0
    workspace_name: str | None = None
    input_name: str | None = None
    app_name: str | None = None
    app_version: str | None = None
    dataplan_id: str | None = None
    dataplan_name: str | None = None
    dataplan_version: Integer | None = None


class EventProcessingRequest(Request, tag=MessageType.EVENT_PROCESSING_REQUEST.value):
    """Events of one user or device.

    Without events it is a check that the endpoint is alive or, with `allow_eventless_batches`, a
    change of user data.
    """

    source_id: str | None = None
    """Id of the batch at its source."""
    account: Account | None = None
    partner_identities: list[PartnerIdentity] = []
    user_identities: list[UserIdentity] = []
    user_attributes: Texts = {}
    """None means a tag; names with `$` are mParticle's own. Needs `allow_user_attributes`."""
    user_attribute_lists: dict[str, list[str | None] | None] = {}
    """Needs `allow_user_attributes`."""
    runtime_environment: AnyRuntimeEnvironment | None = None
    integration_attributes: Texts = {}
    """What a client kit stored for this integration, keys usually `<Integration>.<name>`."""
    events: list[AnyEvent] = []
    """In no promised order. Sent for `supported_event_types`."""
    source_channel: str | None = None
    """How the data came in: `unknown`, `native`, `javascript`, `pixel`, `partner`,
    `server_to_server`, or a word newer than this package."""
    device_application_stamp: str | None = None
    """Id of this app on this device. Needs `allow_access_device_application_stamp`."""
    consent_state: ConsentState | None = None
    """Consent at the time of the events. Needs `allow_consent_state`."""
    system_notifications: list[AnyNotification] = []
    """Sent for `supported_system_notification_types`."""
    mpid: str | None = None
    """mParticle's profile id, a signed 64-bit number as text. Needs `allow_access_mpid`."""
    platform_fields: PlatformFields | None = None

    @property
    def is_idle(self) -> bool:
        """Whether this only checks that the endpoint is alive.

        A batch without events that tells something about a user is data.
        """
        return not (
            self.events
            or self.system_notifications
            or self.user_identities
            or self.partner_identities
            or self.user_attributes
            or self.user_attribute_lists
            or self.consent_state
        )

    def __post_init__(self) -> None:
        for items in (self.system_notifications, self.events):
            for item in items:
                item.belongs_to(self)


class EventProcessingResponse(Response, tag=MessageType.EVENT_PROCESSING_RESPONSE.value):
    """The batch was taken. A failure is raised instead; there is no result per event."""

    suspend_subscription: Flag = False
    """In mParticle's model, but suspension is documented for audiences only."""
