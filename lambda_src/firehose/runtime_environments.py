"""The device and app that produced a batch.

`RuntimeEnvironment` has what every platform has; the fields below it need `allow_device_info`.
The abstract classes between it and the platforms only save repeating field lists.
"""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, TypeAlias

from firehose.identities import DeviceIdentity
from firehose.model import Flag, Integer, Model, Otherwise, Texts
from firehose.vocabulary import Vocabulary


class RuntimeEnvironmentType(Vocabulary):
    """The platforms mParticle knows. `samsungtv` is newer than Java SDK 3.2.0."""

    UNKNOWN = "unknown"
    ANDROID = "android"
    IOS = "ios"
    TVOS = "tvos"
    MOBILEWEB = "mobileweb"
    ROKU = "roku"
    XBOX = "xbox"
    FIRETV = "firetv"
    SMARTTV = "smarttv"
    ALEXA = "alexa"
    SAMSUNGTV = "samsungtv"


class AttAuthorizationStatus(Vocabulary):
    """The user's answer to Apple's App Tracking Transparency prompt."""

    AUTHORIZED = "authorized"
    DENIED = "denied"
    NOT_DETERMINED = "not_determined"
    RESTRICTED = "restricted"


class RuntimeEnvironment(Model):
    """Where a batch comes from. Sent for `supported_runtime_environments`."""

    is_debug: Flag = False
    """A development build sent the batch."""
    client_ip_address: str | None = None
    """Of the original client request. Needs `allow_access_ip_address`."""
    sdk_version: str | None = None
    """Of mParticle's client SDK; may be missing for server data."""
    http_header_user_agent: str | None = None
    """Needs `allow_access_http_user_agent`."""
    identities: list[DeviceIdentity] = []
    """Need `permissions.device_identities`, not `allow_device_info`."""


class _Device(RuntimeEnvironment):
    """Fields of every platform that sends device information."""

    build_id: str | None = None
    brand: str | None = None
    product: str | None = None
    name: str | None = None
    """Of the device, often chosen by its owner."""
    os_version: str | None = None
    locale_language: str | None = None
    locale_country: str | None = None
    timezone_offset: Integer = 0
    """From UTC, documented in hours; some senders use minutes."""


class WebRuntimeEnvironment(_Device, tag=RuntimeEnvironmentType.MOBILEWEB.value):
    """All web traffic, that of desktops included."""

    screen_height: Integer = 0
    screen_width: Integer = 0
    screen_dpi: Integer = 0
    network_country: str | None = None
    network_carrier: str | None = None
    network_code: str | None = None
    network_mobile_country_code: str | None = None
    is_tablet: bool | None = None
    radio_access_technology: str | None = None
    device_manufacturer: str | None = None
    device_model: str | None = None
    device_country: str | None = None
    push_token: str | None = None
    limit_ad_tracking: str | None = None
    """"true" or "false" as text; see `limits_ad_tracking`."""
    is_dst: str | None = None
    """"true" or "false" as text; see `observes_dst`."""

    @property
    def limits_ad_tracking(self) -> bool | None:
        """`limit_ad_tracking` as a boolean; None if the text is neither."""
        return _boolean(self.limit_ad_tracking)

    @property
    def observes_dst(self) -> bool | None:
        """`is_dst` (daylight saving time) as a boolean; None if the text is neither."""
        return _boolean(self.is_dst)


class _App(_Device):
    """Fields of every platform that runs native apps."""

    manufacturer: str | None = None
    model: str | None = None
    country: str | None = None
    timezone_name: str | None = None
    application_name: str | None = None
    application_version: str | None = None
    application_package: str | None = None


class RokuRuntimeEnvironment(_App, tag=RuntimeEnvironmentType.ROKU.value):
    """A Roku player."""

    cpu_architecture: str | None = None


class _AppWithScreen(_App):
    screen_height: Integer = 0
    screen_width: Integer = 0


class _AppWithProcessor(_AppWithScreen):
    cpu_architecture: str | None = None


class XboxRuntimeEnvironment(_AppWithProcessor, tag=RuntimeEnvironmentType.XBOX.value):
    """A Microsoft Xbox."""


class FireTVRuntimeEnvironment(_AppWithProcessor, tag=RuntimeEnvironmentType.FIRETV.value):
    """An Amazon Fire TV."""


class _Apple(_AppWithProcessor):
    """Fields of the platforms with Apple's App Tracking Transparency."""

    att_authorization_status: AttAuthorizationStatus | None = None
    att_timestamp_unixtime_ms: Integer = 0
    """When the user answered, milliseconds since the epoch; 0 means absent."""


class TVOSRuntimeEnvironment(_Apple, tag=RuntimeEnvironmentType.TVOS.value):
    """An Apple TV."""


class IosRuntimeEnvironment(_Apple, tag=RuntimeEnvironmentType.IOS.value):
    """An iPhone, iPad or iPod."""

    network_country: str | None = None
    network_carrier: str | None = None
    network_code: str | None = None
    network_mobile_country_code: str | None = None
    is_tablet: bool | None = None
    radio_access_technology: str | None = None
    is_sandboxed: bool | None = None
    """The app uses Apple's push sandbox."""
    apple_search_ads_attribution: dict[str, Texts | None] = {}
    """Attribution details by version, for example `Version3.1`."""


class _Handheld(_AppWithScreen):
    """Fields that Android and the generic environment share."""

    screen_dpi: Integer = 0
    is_tablet: bool | None = None
    supports_telephony: bool | None = None
    has_nfc: bool | None = None
    bluetooth_enabled: bool | None = None
    bluetooth_version: str | None = None


class AndroidRuntimeEnvironment(_Handheld, tag=RuntimeEnvironmentType.ANDROID.value):
    """An Android phone or tablet."""

    network_country: str | None = None
    network_carrier: str | None = None
    network_code: str | None = None
    network_mobile_country_code: str | None = None
    android_sdk_level: Integer = 0
    install_referrer: str | None = None


class GenericRuntimeEnvironment(_Handheld, tag=RuntimeEnvironmentType.UNKNOWN.value):
    """A platform without fields of its own, for example server data (`unknown`)."""


class SmartTVRuntimeEnvironment(
    GenericRuntimeEnvironment, tag=RuntimeEnvironmentType.SMARTTV.value
):
    """A smart TV. The Java SDK reads it as `unknown`; here it keeps its type."""


class AlexaRuntimeEnvironment(GenericRuntimeEnvironment, tag=RuntimeEnvironmentType.ALEXA.value):
    """An Alexa device. The Java SDK reads it as `unknown`; here it keeps its type."""


class SamsungTVRuntimeEnvironment(
    GenericRuntimeEnvironment, tag=RuntimeEnvironmentType.SAMSUNGTV.value
):
    """A Samsung TV (newer than Java SDK 3.2.0)."""


class UnknownRuntimeEnvironment(GenericRuntimeEnvironment, tag=False):
    """A platform newer than this package; what is not modelled is in `unknown_fields`."""

    type: str = ""


RUNTIME_ENVIRONMENTS = (
    GenericRuntimeEnvironment, AndroidRuntimeEnvironment, IosRuntimeEnvironment,
    TVOSRuntimeEnvironment, WebRuntimeEnvironment, RokuRuntimeEnvironment,
    XboxRuntimeEnvironment, FireTVRuntimeEnvironment, SmartTVRuntimeEnvironment,
    AlexaRuntimeEnvironment, SamsungTVRuntimeEnvironment,
)  # fmt: skip

if TYPE_CHECKING:
    AnyRuntimeEnvironment: TypeAlias = RuntimeEnvironment
else:
    # msgspec reads a closed union; people read the base class.
    AnyRuntimeEnvironment = Annotated[
        reduce(or_, RUNTIME_ENVIRONMENTS), Otherwise(UnknownRuntimeEnvironment)
    ]


def _boolean(text: str | None) -> bool | None:
    return {"true": True, "false": False}.get(str(text).lower())
