"""What mParticle passes on of a message to an integration that registers so; protocol 2.5.2."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self, cast

from firehose import ModuleRegistrationResponse, Permissions
from firehose.permissions import IdentityPermission
from probe.endpoint_answer import Json
from probe.registered_types import BATCH, REGISTRATION, registered_types
from probe.sample_messages import SampleKind
from probe.sample_shape import Encodings, SampleShape
from probe.sample_variation import encoded

_HOUR_MS = 3_600_000
_CHANGES = ("added", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderFilter:
    """Takes out of messages what an integration does not get, and hashes what it wants hashed.

    `types` are those of the messages that are sent at all. Who has none of the `required`
    identities, each by kind and type, is left out.
    """

    shape: SampleShape
    types: frozenset[str]
    partner_identities: Encodings
    required: frozenset[tuple[str, str]]
    max_age_hours: int
    allows_eventless: bool

    @classmethod
    def of(cls, registration: ModuleRegistrationResponse) -> Self:
        """Read a registration."""
        asked = registration.permissions or Permissions()
        events = registration.event_processing_registration
        permissions: dict[str, Sequence[IdentityPermission]] = {
            "user_identities": asked.user_identities,
            "device_identities": asked.device_identities,
            "partner_identities": asked.partner_identities,
        }
        return cls(
            shape=SampleShape.of(registration, newer=True),
            types=(registered_types(registration) or frozenset()) | {REGISTRATION},
            partner_identities={
                str(it.type): [it.encoding.value] for it in asked.partner_identities
            },
            required=frozenset(
                (kind, str(it.type))
                for kind, permitted in permissions.items()
                for it in permitted
                if it.required
            ),
            max_age_hours=events.max_data_age_hours if events else -1,
            allows_eventless=bool(asked.allow_eventless_batches),
        )

    @property
    def kinds(self) -> list[SampleKind]:
        """What can be made up of it."""
        return [
            kind
            for kind in SampleKind
            if kind.type in self.types
            and (kind is not SampleKind.EVENTLESS or self.allows_eventless)
        ]

    def passed(self, message: Json) -> Json | None:
        """Give what is sent of a message as it is at mParticle; none if nothing is."""
        kind = message.get("type")
        if kind not in self.types:
            return None
        if kind == BATCH:
            return self._batch(message)
        if message.get("user_profiles"):
            return self._membership(message)
        return cast("Json", self.shape.pruned(message))

    def _batch(self, message: Json) -> Json | None:
        if _is_idle(message):
            return message
        device = message.get("runtime_environment")
        if device and device.get("type") not in self.shape.platforms:
            return None
        kept = self._person(message)
        if device and "identities" in device:
            permitted = self._permitted(device["identities"], self.shape.device_identities)
            kept["runtime_environment"] = device | {"identities": permitted}
        if not self._has_required(kept, kept.get("runtime_environment", {}).get("identities", ())):
            return None
        kept["events"] = [
            it for event in message.get("events", ()) if (it := self._event(event, message))
        ]
        kept = cast("Json", self.shape.pruned(kept))
        if kept["events"] or kept.get("system_notifications") or self.allows_eventless:
            return kept
        return None

    def _event(self, event: Json, message: Json) -> Json | None:
        if event.get("type") not in self.shape.events:
            return None
        age_ms = message.get("timestamp_ms", 0) - event.get("timestamp_ms", 0)
        if 0 <= self.max_age_hours * _HOUR_MS < age_ms:
            return None
        if event["type"] != "user_identity_change":
            return event
        changes = {
            name: self._permitted(event.get(name, ()), self.shape.user_identities)
            for name in _CHANGES
        }
        return event | changes if any(changes.values()) else None

    def _membership(self, message: Json) -> Json | None:
        profiles = []
        for profile in message["user_profiles"]:
            kept = self._person(profile)
            if "device_identities" in profile:
                kept["device_identities"] = self._permitted(
                    profile["device_identities"], self.shape.device_identities
                )
            if self._has_required(kept, kept.get("device_identities", ())):
                profiles.append(kept)
        if not profiles:
            return None
        return cast("Json", self.shape.pruned(message | {"user_profiles": profiles}))

    def _person(self, holder: Json) -> Json:
        """Keep who somebody is, as far as it is permitted, and everything else."""
        kept = dict(holder)
        for name, permitted in (
            ("user_identities", self.shape.user_identities),
            ("partner_identities", self.partner_identities),
        ):
            if name in holder:
                kept[name] = self._permitted(holder[name], permitted)
        return kept

    def _has_required(self, holder: Json, devices: Sequence[Json]) -> bool:
        held = {("device_identities", it["type"]) for it in devices}
        for name in ("user_identities", "partner_identities"):
            held |= {(name, it["type"]) for it in holder.get(name, ())}
        return not self.required or bool(self.required & held)

    def _permitted(self, identities: Sequence[Json], permitted: Encodings) -> list[Json]:
        return [it for identity in identities if (it := _as_asked(identity, permitted))]


def _is_idle(message: Json) -> bool:
    """Whether a batch only checks that the endpoint is alive: it tells about nobody."""
    return not message.get("events") and not {"user_identities", "mpid"} & message.keys()


def _as_asked(identity: Json, permitted: Encodings) -> Json | None:
    """Give an identity in an encoding that was asked for; none if it cannot be."""
    encodings = permitted.get(str(identity.get("type")), ())
    if identity.get("encoding") in encodings:
        return identity
    if not encodings or identity.get("encoding") != "raw":
        return None
    value: Any = encoded(str(identity["value"]), encodings[0])
    return identity | {"encoding": encodings[0], "value": value}
