"""The envelope of all ten messages."""

from msgspec import field

from firehose.event import new_id, now_ms
from firehose.model import Integer, Model, Uuid
from firehose.vocabulary import Vocabulary

PROTOCOL_VERSION = "3.2.0"
"""Version of mParticle's Firehose SDK whose messages this package writes."""


class MessageType(Vocabulary):
    """The ten messages: five requests, each with its response."""

    MODULE_REGISTRATION_REQUEST = "module_registration_request"
    MODULE_REGISTRATION_RESPONSE = "module_registration_response"
    EVENT_PROCESSING_REQUEST = "event_processing_request"
    EVENT_PROCESSING_RESPONSE = "event_processing_response"
    AUDIENCE_SUBSCRIPTION_REQUEST = "audience_subscription_request"
    AUDIENCE_SUBSCRIPTION_RESPONSE = "audience_subscription_response"
    AUDIENCE_MEMBERSHIP_CHANGE_REQUEST = "audience_membership_change_request"
    AUDIENCE_MEMBERSHIP_CHANGE_RESPONSE = "audience_membership_change_response"
    DSR_PROCESSING_REQUEST = "dsr_processing_request"
    DSR_PROCESSING_RESPONSE = "dsr_processing_response"


class Message(Model):
    """What mParticle and the partner exchange."""

    id: Uuid = field(default_factory=new_id)
    """A GUID. Nothing promises that a retry keeps it."""
    timestamp_ms: Integer = field(default_factory=now_ms)
    """Milliseconds since the epoch."""
    firehose_version: str = PROTOCOL_VERSION
    """Version of the protocol that the sender follows, not necessarily the latest."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}(type={self.type!r}, id={self.id!r})"


class Request(Message):
    """A message from mParticle; it expects the response of its pair."""

    @property
    def is_idle(self) -> bool:
        """Whether this only checks that the endpoint is alive, and so has nothing to deliver."""
        return False


class Response(Message):
    """The partner's answer to a request."""
