"""Devices of every platform that mParticle knows, each with the ids that exist on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from firehose import (
    AlexaRuntimeEnvironment,
    AndroidRuntimeEnvironment,
    AttAuthorizationStatus,
    DeviceIdentity,
    DeviceIdentityType,
    Encoding,
    FireTVRuntimeEnvironment,
    GenericRuntimeEnvironment,
    IosRuntimeEnvironment,
    RokuRuntimeEnvironment,
    RuntimeEnvironment,
    RuntimeEnvironmentType,
    SamsungTVRuntimeEnvironment,
    Secret,
    SmartTVRuntimeEnvironment,
    TVOSRuntimeEnvironment,
    WebRuntimeEnvironment,
    XboxRuntimeEnvironment,
)
from probe.samples.chance import Chance

Platform = RuntimeEnvironmentType
Id = DeviceIdentityType

IDENTITIES: dict[Platform, Sequence[DeviceIdentityType]] = {
    Platform.UNKNOWN: (),
    Platform.ANDROID: (
        Id.ANDROID_ID,
        Id.GOOGLE_ADVERTISING_ID,
        Id.GOOGLE_CLOUD_MESSAGING_TOKEN,
    ),
    Platform.IOS: (Id.IOS_ADVERTISING_ID, Id.IOS_VENDOR_ID, Id.APPLE_PUSH_NOTIFICATION_TOKEN),
    Platform.TVOS: (Id.IOS_ADVERTISING_ID, Id.IOS_VENDOR_ID),
    Platform.MOBILEWEB: (),
    Platform.ROKU: (Id.ROKU_ADVERTISING_ID, Id.ROKU_PUBLISHER_ID),
    Platform.XBOX: (Id.MICROSOFT_ADVERTISING_ID, Id.MICROSOFT_PUBLISHER_ID),
    Platform.FIRETV: (Id.FIRE_ADVERTISING_ID, Id.ANDROID_ID),
    Platform.SMARTTV: (),
    Platform.ALEXA: (),
    Platform.SAMSUNGTV: (Id.TIZEN_ADVERTISING_ID,),
}
"""Which ids each platform has."""

_APP = ("Acme Lessons", "4.2.0", "com.example.lessons")


def device(platform: Platform, chance: Chance, moment_ms: int) -> RuntimeEnvironment:
    """Make up a device of one platform."""
    made = _MAKERS[platform](chance, moment_ms)
    made.sdk_version = f"8.{chance.randrange(20)}.0"
    made.is_debug = chance.happens(0.1)
    made.client_ip_address = f"198.51.100.{chance.randint(1, 254)}"
    kinds = IDENTITIES[platform]
    if kinds:
        made.identities = [identity(kind, chance) for kind in chance.some(kinds, most=3)]
    return made


def identity(kind: DeviceIdentityType, chance: Chance) -> DeviceIdentity:
    """Make up one id of a device."""
    return DeviceIdentity(type=kind, encoding=Encoding.RAW, value=Secret(chance.guid()))


def _android(chance: Chance, _moment_ms: int) -> RuntimeEnvironment:
    name, app_version, package = _APP
    return AndroidRuntimeEnvironment(
        brand="Acme",
        manufacturer="Acme",
        model="Phone 7",
        os_version="15",
        android_sdk_level=35,
        screen_height=2_400,
        screen_width=1_080,
        screen_dpi=420,
        locale_language="en",
        locale_country="US",
        timezone_offset=chance.randint(-11, 12),
        network_carrier="Example Mobile",
        is_tablet=False,
        supports_telephony=True,
        has_nfc=chance.happens(0.5),
        bluetooth_enabled=chance.happens(0.5),
        application_name=name,
        application_version=app_version,
        application_package=package,
        install_referrer="utm_source=example&utm_campaign=spring",
    )


def _ios(chance: Chance, moment_ms: int) -> RuntimeEnvironment:
    name, app_version, package = _APP
    return IosRuntimeEnvironment(
        brand="iPhone17,1",
        manufacturer="Apple",
        model="iPhone17,1",
        os_version="18.1",
        screen_height=2_622,
        screen_width=1_206,
        locale_language="en",
        locale_country="GB",
        timezone_offset=chance.randint(-11, 12),
        network_carrier="Example Mobile",
        is_tablet=chance.happens(0.2),
        is_sandboxed=False,
        application_name=name,
        application_version=app_version,
        application_package=package,
        att_authorization_status=chance.choice(list(AttAuthorizationStatus)),
        att_timestamp_unixtime_ms=moment_ms - 1_000_000,
        apple_search_ads_attribution={"Version3.1": {"iad-attribution": "true"}},
    )


def _tvos(chance: Chance, moment_ms: int) -> RuntimeEnvironment:
    return TVOSRuntimeEnvironment(
        manufacturer="Apple",
        model="AppleTV14,1",
        os_version="18.0",
        screen_height=2_160,
        screen_width=3_840,
        timezone_offset=chance.randint(-11, 12),
        att_authorization_status=chance.choice(list(AttAuthorizationStatus)),
        att_timestamp_unixtime_ms=moment_ms - 1_000_000,
    )


def _web(chance: Chance, _moment_ms: int) -> RuntimeEnvironment:
    return WebRuntimeEnvironment(
        http_header_user_agent="Mozilla/5.0 (X11; Linux x86_64) ExampleBrowser/1.0",
        os_version="17",
        locale_language="de",
        locale_country="DE",
        screen_height=1_440,
        screen_width=2_560,
        timezone_offset=chance.randint(-11, 12),
        limit_ad_tracking=chance.choice(("true", "false")),
        is_dst=chance.choice(("true", "false")),
    )


def _player(
    kind: type[RokuRuntimeEnvironment | XboxRuntimeEnvironment | FireTVRuntimeEnvironment],
    model: str,
) -> Callable[[Chance, int], RuntimeEnvironment]:
    """Make a maker of one of the boxes beside a television."""
    return lambda chance, _moment_ms: kind(
        manufacturer="Acme",
        model=model,
        os_version="14.0",
        country="US",
        cpu_architecture="arm64",
        timezone_offset=chance.randint(-11, 12),
    )


def _generic(
    kind: type[GenericRuntimeEnvironment],
) -> Callable[[Chance, int], RuntimeEnvironment]:
    """Make a maker of one of the platforms that share their fields."""
    return lambda chance, _moment_ms: kind(
        os_version="1.0", timezone_offset=chance.randint(-11, 12)
    )


_MAKERS: dict[Platform, Callable[[Chance, int], RuntimeEnvironment]] = {
    Platform.UNKNOWN: _generic(GenericRuntimeEnvironment),
    Platform.ANDROID: _android,
    Platform.IOS: _ios,
    Platform.TVOS: _tvos,
    Platform.MOBILEWEB: _web,
    Platform.ROKU: _player(RokuRuntimeEnvironment, "Player 3"),
    Platform.XBOX: _player(XboxRuntimeEnvironment, "Console X"),
    Platform.FIRETV: _player(FireTVRuntimeEnvironment, "Stick 2"),
    Platform.SMARTTV: _generic(SmartTVRuntimeEnvironment),
    Platform.ALEXA: _generic(AlexaRuntimeEnvironment),
    Platform.SAMSUNGTV: _generic(SamsungTVRuntimeEnvironment),
}
