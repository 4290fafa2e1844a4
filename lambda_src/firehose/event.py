"""What every event has, and the way back from an event to its batch."""

import time
import uuid
from typing import TYPE_CHECKING

from msgspec import field

from firehose.model import Integer, Model, Uuid
from firehose.vocabulary import Vocabulary

if TYPE_CHECKING:
    from firehose.batch import EventProcessingRequest


class EventType(Vocabulary):
    """The kinds of event. Subscribe to them with `supported_event_types`."""

    SESSION_START = "session_start"
    SESSION_END = "session_end"
    CUSTOM_EVENT = "custom_event"
    SCREEN_VIEW = "screen_view"
    ERROR = "error"
    PRIVACY_SETTING_CHANGE = "privacy_setting_change"
    USER_ATTRIBUTE_CHANGE = "user_attribute_change"
    USER_IDENTITY_CHANGE = "user_identity_change"
    PUSH_SUBSCRIPTION = "push_subscription"
    APPLICATION_STATE_TRANSITION = "application_state_transition"
    PUSH_MESSAGE_RECEIPT = "push_message_receipt"
    PRODUCT_ACTION = "product_action"
    PROMOTION_ACTION = "promotion_action"
    IMPRESSION = "impression"
    ATTRIBUTION = "attribution"
    PUSH_MESSAGE_OPEN = "push_message_open"


def new_id() -> str:
    """Return a fresh id for a message or an event."""
    return str(uuid.uuid4())


def now_ms() -> int:
    """Return the current time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class BatchItem(Model):
    """An event or a notification: part of a batch, and knows which."""

    @property
    def request(self) -> "EventProcessingRequest":
        """The batch this item came in. Never on the wire, in `repr` or in comparisons."""
        try:
            request: EventProcessingRequest = self.__dict__["_request"]
        except KeyError:
            raise AttributeError(
                f"this {type(self).__name__} belongs to no EventProcessingRequest yet"
            ) from None
        return request

    def belongs_to(self, request: "EventProcessingRequest") -> None:
        """Set the way back; a request does this for all it carries."""
        # As an attribute, not into `__dict__`: so msgspec tells the garbage collector of an item
        # without lists and maps, which else it never looks at, and batch and item stay for ever.
        self._request = request


class Location(Model):
    """Where an event happened, in degrees."""

    latitude: float = 0.0
    longitude: float = 0.0
    accuracy: float = 0.0
    """0 may mean that it is not known."""


class Event(BatchItem):
    """Something that happened in an app, on a site or on a server."""

    id: Uuid = field(default_factory=new_id)
    """Use it to recognise repeats: retries deliver whole batches again."""
    timestamp_ms: Integer = field(default_factory=now_ms)
    """When it happened, milliseconds since the epoch."""
    source_id: str | None = None
    """Id given by the sender."""
    session_id: Integer | None = None
    """A signed 64-bit number."""
    location: Location | None = None
    """Needs `allow_access_location`."""
