"""The audience pairs: an audience is connected or removed, users enter or leave it."""

from firehose.account import Account
from firehose.identities import DeviceIdentity, PartnerIdentity, UserIdentity
from firehose.message import MessageType, Request, Response
from firehose.model import Integer, Model
from firehose.setting_values import SettingReaders, SettingValues
from firehose.vocabulary import Vocabulary


class SubscriptionAction(Vocabulary):
    """What a customer did with an audience; `remove` here is `delete` for users."""

    ADD = "add"
    UPDATE = "update"
    REMOVE = "remove"


class AudienceAction(Vocabulary):
    """What happened to a user: entered, left, or stays with changed attributes."""

    ADD = "add"
    DELETE = "delete"
    ATTRIBUTE_UPDATE = "attribute_update"


class AttributeAction(Vocabulary):
    """What happened to an attribute of a user in an audience."""

    UPSERT = "upsert"
    DELETE = "delete"


class AudienceSubscriptionRequest(
    Request, SettingReaders, tag=MessageType.AUDIENCE_SUBSCRIPTION_REQUEST.value
):
    """A customer connected, changed or removed an audience.

    The typed getters read `audience_subscription_settings`.
    """

    account: Account | None = None
    audience_id: Integer = 0
    audience_name: str | None = None
    """At most 100 characters; variants of a test arrive as "audience - variant"."""
    audience_description: str | None = None
    audience_subscription_settings: SettingValues = {}
    previous_audience_subscription_settings: SettingValues = {}
    """The settings before an update."""
    action: SubscriptionAction | None = None

    def _settings(self) -> SettingValues:
        return self.audience_subscription_settings


class AudienceSubscriptionResponse(Response, tag=MessageType.AUDIENCE_SUBSCRIPTION_RESPONSE.value):
    """Settings to keep with the audience."""

    audience_subscription_settings: SettingValues = {}
    """Returned with each membership change. Every id must be declared in the registration."""


class UserAttributeAudienceEvent(Model):
    """One changed attribute of a user in an audience. Every field may be missing."""

    key: str | None = None
    """The attribute's name."""
    value: str | None = None
    """None for a tag, and when `list_value` is used."""
    action: AttributeAction | None = None
    list_value: list[str | None] = []


class Audience(Model, SettingReaders):
    """An audience that changed for a user. The typed getters read its settings."""

    audience_id: Integer = 0
    audience_name: str | None = None
    audience_subscription_settings: SettingValues = {}
    action: AudienceAction | None = None
    user_attributes: list[UserAttributeAudienceEvent] = []
    """Needs `allow_audience_user_attributes`, and the customer's choice of attributes."""

    def _settings(self) -> SettingValues:
        return self.audience_subscription_settings


class UserProfile(Model):
    """A user, and the audiences that changed for this user."""

    user_identities: list[UserIdentity] = []
    device_identities: list[DeviceIdentity] = []
    partner_identities: list[PartnerIdentity] = []
    audiences: list[Audience] = []
    mpid: str | None = None
    """mParticle's profile id, a signed 64-bit number as text. Needs `allow_access_mpid`."""


class AudienceMembershipChangeRequest(
    Request, tag=MessageType.AUDIENCE_MEMBERSHIP_CHANGE_REQUEST.value
):
    """Users entered or left audiences, or their shared attributes changed."""

    account: Account | None = None
    user_profiles: list[UserProfile] | None = None
    """None means a check that the endpoint is alive; an empty list is ordinary data."""

    @property
    def is_idle(self) -> bool:
        """Whether this only checks that the endpoint is alive."""
        return self.user_profiles is None


class AudienceMembershipChangeResponse(
    Response, tag=MessageType.AUDIENCE_MEMBERSHIP_CHANGE_RESPONSE.value
):
    """The changes were taken."""

    suspend_subscription: bool = False
    """True stops deliveries until the customer resumes them by hand; for lasting problems only."""
