"""What a registration asks to receive. Ask for what is used, no more."""

from firehose.identities import DeviceIdentityType, Encoding, UserIdentityType
from firehose.model import Flag, Model


class IdentityPermission(Model):
    """One kind of identity, in the encoding the partner wants.

    Users without it are filtered out if it is `required`; with several required ones, a user needs
    at least one of them.
    """

    type: str
    encoding: Encoding
    required: bool = False

    def __post_init__(self) -> None:
        if not self.type:
            raise ValueError("a permission needs a type")


class UserIdentityPermission(IdentityPermission):
    """Permission to receive a user identity."""

    type: UserIdentityType


class DeviceIdentityPermission(IdentityPermission):
    """Permission to receive a device identity."""

    type: DeviceIdentityType


class PartnerIdentityPermission(IdentityPermission):
    """Permission to receive the partner's own identity, named `PartnerName_IdentityName`."""


class Permissions(Model):
    """Everything beyond the bare events that an integration receives."""

    device_identities: list[DeviceIdentityPermission] = []
    user_identities: list[UserIdentityPermission] = []
    """These user ids, and the changes of them."""
    partner_identities: list[PartnerIdentityPermission] = []
    """At most one."""
    allow_access_location: Flag = False
    """`location` of events."""
    allow_access_ip_address: Flag = False
    """`client_ip_address`."""
    allow_access_device_application_stamp: Flag = False
    """`device_application_stamp`."""
    allow_device_info: Flag = False
    """The device fields of `runtime_environment`."""
    allow_user_attributes: Flag = False
    """`user_attributes`, `user_attribute_lists` and `user_attribute_change` events."""
    allow_consent_state: Flag = False
    """`consent_state`."""
    allow_audience_user_attributes: Flag = False
    """`user_attributes` in audience messages."""
    allow_access_http_user_agent: Flag = False
    """`http_header_user_agent`."""
    allow_access_mpid: Flag = False
    """`mpid`."""
    allow_platform_fields: Flag = False
    """`platform_fields`."""
    allow_eventless_batches: Flag = False
    """Batches without events."""
