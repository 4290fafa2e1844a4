"""What sample messages are made of: anything mParticle knows, or what one integration is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from firehose import (
    DeviceIdentityType,
    Encoding,
    EventType,
    ModuleRegistrationResponse,
    Permissions,
    RuntimeEnvironmentType,
    SystemNotificationType,
    UserIdentityType,
)
from firehose.permissions import IdentityPermission
from probe.customer_settings import Settings, settings_of

NEWER_WORDS = frozenset({"samsungtv", "tizen_advertising_id"})
"""What mParticle's Java SDK 3.2.0 cannot read; docs/protocol.md, differences from the Java SDK."""

_EVERY = tuple(encoding.value for encoding in Encoding)
_RAW = (Encoding.RAW.value,)
_FIELDS = {
    "allow_access_location": "location",
    "allow_access_ip_address": "client_ip_address",
    "allow_access_device_application_stamp": "device_application_stamp",
    "allow_consent_state": "consent_state",
    "allow_access_http_user_agent": "http_header_user_agent",
    "allow_access_mpid": "mpid",
    "allow_platform_fields": "platform_fields",
}
"""What each permission is about, by the name that the field has wherever it stands."""
_USER_FIELDS = ("user_attributes", "user_attribute_lists")
_KEPT_OF_A_DEVICE = frozenset(
    {"type", "identities", "client_ip_address", "http_header_user_agent", "is_debug", "sdk_version"}
)

Encodings = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShape:
    """What may occur. Identities have the encodings that they come in.

    Everybody has one of the `required` user identities, where there are any.
    `left_out` are fields that are not sent wherever they stand, `has_device_info` tells whether a
    device has more than its ids. `newer` adds what the Java SDK 3.2.0 cannot read.
    """

    newer: bool = False
    settings: Settings = field(default_factory=lambda: {"apiKey": "sample-key"}, repr=False)
    events: Sequence[str] = tuple(it.value for it in EventType)
    platforms: Sequence[str] = tuple(it.value for it in RuntimeEnvironmentType)
    notifications: Sequence[str] = tuple(it.value for it in SystemNotificationType)
    user_identities: Encodings = field(
        default_factory=lambda: dict.fromkeys([it.value for it in UserIdentityType], _EVERY)
    )
    device_identities: Encodings = field(
        default_factory=lambda: dict.fromkeys([it.value for it in DeviceIdentityType], _RAW)
    )
    required: Sequence[str] = ()
    has_partner_identity: bool = True
    has_device_info: bool = True
    left_out: frozenset[str] = frozenset()

    @property
    def known_platforms(self) -> list[str]:
        """The platforms to draw from."""
        return [it for it in self.platforms if self.newer or it not in NEWER_WORDS]

    @classmethod
    def of(cls, registration: ModuleRegistrationResponse, *, newer: bool = False) -> Self:
        """Give what mParticle sends an integration that registers so."""
        asked = registration.permissions or Permissions()
        events = registration.event_processing_registration
        left_out = {name for flag, name in _FIELDS.items() if not getattr(asked, flag)}
        left_out |= set() if asked.allow_user_attributes else set(_USER_FIELDS)
        kinds = [it.value for it in events.supported_event_types] if events else []
        if not asked.allow_user_attributes:
            kinds = [kind for kind in kinds if kind != EventType.USER_ATTRIBUTE_CHANGE]
        if not asked.user_identities:
            kinds = [kind for kind in kinds if kind != EventType.USER_IDENTITY_CHANGE]
        return cls(
            newer=newer,
            settings=settings_of(registration, {}),
            events=tuple(kinds),
            platforms=tuple(it.value for it in events.supported_runtime_environments)
            if events
            else (),
            notifications=tuple(it.value for it in events.supported_system_notification_types)
            if events
            else (),
            user_identities=_encodings(asked.user_identities),
            device_identities=_encodings(asked.device_identities),
            required=sorted({str(it.type) for it in asked.user_identities if it.required}),
            has_partner_identity=bool(asked.partner_identities),
            has_device_info=bool(asked.allow_device_info),
            left_out=frozenset(left_out),
        )

    def pruned(self, value: object) -> object:
        """Take out what may not occur, at any depth."""
        if isinstance(value, list):
            return [self.pruned(item) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {name: self.pruned(it) for name, it in value.items() if name not in self.left_out}
        if not self.has_partner_identity:
            kept.pop("partner_identities", None)
        device = kept.get("runtime_environment")
        if isinstance(device, dict) and not self.has_device_info:
            kept["runtime_environment"] = {
                name: it for name, it in device.items() if name in _KEPT_OF_A_DEVICE
            }
        notifications = kept.get("system_notifications")
        if isinstance(notifications, list):
            kept["system_notifications"] = [
                it for it in notifications if it["type"] in self.notifications
            ]
        return kept


def _encodings(permissions: Sequence[IdentityPermission]) -> dict[str, list[str]]:
    encodings: dict[str, list[str]] = {}
    for permission in permissions:
        encodings.setdefault(str(permission.type), []).append(permission.encoding.value)
    return encodings
