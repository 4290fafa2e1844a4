"""The kinds of event besides commerce, and the list of all kinds."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, TypeAlias

from firehose.commerce import ImpressionEvent, ProductActionEvent, PromotionActionEvent
from firehose.event import Event, EventType
from firehose.identities import UserIdentity
from firehose.model import Integer, Otherwise, Texts
from firehose.vocabulary import Vocabulary


class CustomType(Vocabulary):
    """The category a customer gave to a custom event."""

    UNKNOWN = "unknown"
    NAVIGATION = "navigation"
    LOCATION = "location"
    SEARCH = "search"
    TRANSACTION = "transaction"
    USER_CONTENT = "user_content"
    USER_PREFERENCE = "user_preference"
    SOCIAL = "social"
    OTHER = "other"
    MEDIA = "media"


class PrivacySetting(Vocabulary):
    """What a user opted into or out of."""

    APP_DATA_COLLECTION = "app_data_collection"


class PushSubscriptionAction(Vocabulary):
    """Whether a push token became valid or invalid."""

    SUBSCRIBE = "subscribe"
    UNSUBSCRIBE = "unsubscribe"


class ApplicationState(Vocabulary):
    """The state an app went into."""

    INSTALL = "install"
    UPGRADE = "upgrade"
    INITIALIZE = "initialize"
    EXIT = "exit"
    BACKGROUND = "background"
    FOREGROUND = "foreground"


class SessionStartEvent(Event, tag=EventType.SESSION_START.value):
    """A user session began."""


class SessionEndEvent(Event, tag=EventType.SESSION_END.value):
    """A session timed out in the background."""

    session_length_ms: Integer = 0
    """Duration in milliseconds."""


class CustomEvent(Event, tag=EventType.CUSTOM_EVENT.value):
    """A named event that the customer defined."""

    name: str | None = None
    """At most 256 characters."""
    custom_event_type: CustomType | None = None
    attributes: Texts = {}
    """At most 100, with names of 256 and values of 4096 characters."""
    custom_flags: Texts = {}
    """Flags addressed to one integration, for example `ModuleA.flagA`."""


class ScreenViewEvent(Event, tag=EventType.SCREEN_VIEW.value):
    """A screen or page was shown."""

    screen_name: str | None = None
    attributes: Texts = {}
    custom_flags: Texts = {}


class ErrorEvent(Event, tag=EventType.ERROR.value):
    """An error, handled or not."""

    message: str | None = None
    is_crash: bool = False
    """A crash reporter caught it."""
    stack_trace: str | None = None
    breadcrumbs: list[str | None] = []
    attributes: Texts = {}


class PrivacySettingChangeEvent(Event, tag=EventType.PRIVACY_SETTING_CHANGE.value):
    """The user opted in or out."""

    setting: PrivacySetting | None = None
    is_enabled: bool = False
    """Collection is allowed."""


class UserAttributeChangeEvent(Event, tag=EventType.USER_ATTRIBUTE_CHANGE.value):
    """User attributes were added, changed or removed. Needs `allow_user_attributes`.

    A value is text, a list of texts, or None for a tag.
    """

    added: dict[str, str | list[str | None] | None] = {}
    """New and changed attributes."""
    removed: dict[str, str | list[str | None] | None] = {}


class UserIdentityChangeEvent(Event, tag=EventType.USER_IDENTITY_CHANGE.value):
    """Identities were added or removed; a change is one entry in each list.

    Only identities in `permissions.user_identities` arrive.
    """

    added: list[UserIdentity] = []
    removed: list[UserIdentity] = []


class PushSubscriptionEvent(Event, tag=EventType.PUSH_SUBSCRIPTION.value):
    """A push token was registered or withdrawn."""

    action: PushSubscriptionAction | None = None
    token: str | None = None


class ApplicationStateTransitionEvent(Event, tag=EventType.APPLICATION_STATE_TRANSITION.value):
    """An app was installed, opened, sent to the background, and so on."""

    application_state: ApplicationState | None = None
    launch_referral: str | None = None
    """URI that launched the app (iOS, Android)."""
    referral_application: str | None = None
    """Source application key (iOS)."""
    launch_parameters: str | None = None
    """Launch options or intent extras (iOS, Android)."""
    source_package: str | None = None
    """Package of the launching app (Android)."""


class PushMessageReceiptEvent(Event, tag=EventType.PUSH_MESSAGE_RECEIPT.value):
    """A push message arrived. Needs `push_messaging_provider_id` in the registration."""

    payload: str | None = None
    """The push payload as JSON text in the platform's own shape."""


class PushMessageOpenEvent(Event, tag=EventType.PUSH_MESSAGE_OPEN.value):
    """A push message was opened."""

    payload: str | None = None
    """The push payload as JSON text in the platform's own shape."""


class AttributionEvent(Event, tag=EventType.ATTRIBUTION.value):
    """An install or engagement was attributed to a campaign."""

    name: str | None = None
    partner_name: str | None = None
    """The attribution partner."""
    publisher_name: str | None = None
    campaign_name: str | None = None
    attributes: Texts = {}


class UnknownEvent(Event, tag=False):
    """An event of a kind newer than this package; its own fields are in `unknown_fields`."""

    type: str = ""


EVENTS = (
    SessionStartEvent, SessionEndEvent, CustomEvent, ScreenViewEvent, ErrorEvent,
    PrivacySettingChangeEvent, UserAttributeChangeEvent, UserIdentityChangeEvent,
    PushSubscriptionEvent, ApplicationStateTransitionEvent, PushMessageReceiptEvent,
    ProductActionEvent, PromotionActionEvent, ImpressionEvent, AttributionEvent,
    PushMessageOpenEvent,
)  # fmt: skip

if TYPE_CHECKING:
    AnyEvent: TypeAlias = Event
else:
    # msgspec reads a closed union; people read the base class.
    AnyEvent = Annotated[reduce(or_, EVENTS), Otherwise(UnknownEvent)]
