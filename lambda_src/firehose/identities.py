"""Who a message is about: user, device and partner identities."""

from firehose.model import Model
from firehose.secret import Secret
from firehose.vocabulary import Vocabulary


class Encoding(Vocabulary):
    """How an identity's value is written. Hashes are of the trimmed, lower-cased value."""

    RAW = "raw"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"


class UserIdentityType(Vocabulary):
    """The kinds of user identity. `customer` is the customer's own id for the user."""

    OTHER = "other"
    CUSTOMER = "customer"
    FACEBOOK = "facebook"
    TWITTER = "twitter"
    GOOGLE = "google"
    MICROSOFT = "microsoft"
    YAHOO = "yahoo"
    EMAIL = "email"
    OTHER2 = "other2"
    OTHER3 = "other3"
    OTHER4 = "other4"
    OTHER5 = "other5"
    OTHER6 = "other6"
    OTHER7 = "other7"
    OTHER8 = "other8"
    OTHER9 = "other9"
    OTHER10 = "other10"
    MOBILE_NUMBER = "mobile_number"
    PHONE_NUMBER_2 = "phone_number_2"
    PHONE_NUMBER_3 = "phone_number_3"


class DeviceIdentityType(Vocabulary):
    """The kinds of device identity. `tizen_advertising_id` is newer than Java SDK 3.2.0."""

    ANDROID_ID = "android_id"
    GOOGLE_ADVERTISING_ID = "google_advertising_id"
    IOS_ADVERTISING_ID = "ios_advertising_id"
    IOS_VENDOR_ID = "ios_vendor_id"
    GOOGLE_CLOUD_MESSAGING_TOKEN = "google_cloud_messaging_token"
    APPLE_PUSH_NOTIFICATION_TOKEN = "apple_push_notification_token"
    ROKU_ADVERTISING_ID = "roku_advertising_id"
    MICROSOFT_ADVERTISING_ID = "microsoft_advertising_id"
    MICROSOFT_PUBLISHER_ID = "microsoft_publisher_id"
    FIRE_ADVERTISING_ID = "fire_advertising_id"
    ROKU_PUBLISHER_ID = "roku_publisher_id"
    TIZEN_ADVERTISING_ID = "tizen_advertising_id"


class Identity(Model):
    """One id of a user or device. All three fields are required and not empty.

    Nothing promises at most one identity per type.
    """

    type: str
    encoding: Encoding
    value: Secret

    def __post_init__(self) -> None:
        if not (self.type and self.value):
            raise ValueError("an identity needs a type and a value")


class UserIdentity(Identity):
    """An id of a person. Needs the matching entry in `permissions.user_identities`."""

    type: UserIdentityType


class DeviceIdentity(Identity):
    """An id of a device. Needs the matching entry in `permissions.device_identities`."""

    type: DeviceIdentityType


class PartnerIdentity(Identity):
    """An id in the partner's own system. Needs the entry in `permissions.partner_identities`.

    `type` is the registered name (`PartnerName_IdentityName`) or `$cookie_sync_id`.
    """
