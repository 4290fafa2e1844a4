"""Rules C1 to C3 and P2: what differs from the registration that mParticle has now."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from firehose.codec import to_dict
from firehose.registration import ModuleRegistrationResponse
from firehose.registration_checks.effects import (
    C3,
    EFFECTS,
    NEW_REQUIRED,
    NEW_VISIBLE,
    SETTINGS_MOVED,
    UNKNOWN,
    Outcome,
)
from firehose.registration_checks.events import NO_AGE_LIMIT
from firehose.registration_checks.finding import Finding

_EACH_TIME = {"id", "timestamp_ms"}
_LISTS = {
    "account_settings": "settings",
    "event_connection_settings": "settings",
    "audience_subscription_settings": "settings",
    "user_identities": "identities",
    "device_identities": "identities",
    "partner_identities": "partner_identities",
    "supported_event_types": "words",
    "supported_runtime_environments": "words",
    "supported_system_notification_types": "words",
    "supported_dsr_types": "words",
    "scopes": "scopes",
}
"""The kind of item in each list."""
_KNOWN_BY = {"settings": "id", "identities": "type", "partner_identities": "type", "scopes": "name"}
"""The field by which an item of a list is the same as before; a word is known by itself."""


class _Place(msgspec.Struct, frozen=True):
    """Where something stands, and its kind, as `EFFECTS` names it."""

    path: str = "$"
    kind: str = ""

    def field(self, name: str) -> _Place:
        path = f"{self.path}.{name}"
        if name.startswith("allow_"):
            return _Place(path, "allow")
        if name in _LISTS:
            return _Place(path, _LISTS[name])
        kind = self.kind.replace("partner_", "")
        nested = f"{kind}.{name}"
        if nested in EFFECTS:
            return _Place(path, nested)
        return _Place(path, kind if kind in {"authentication", "bulk_configuration"} else name)

    def item(self, key: str) -> _Place:
        return _Place(f"{self.path}[{key}]", self.kind)


def check_changes(
    response: ModuleRegistrationResponse, previous: ModuleRegistrationResponse
) -> Iterator[Finding]:
    """Report every difference, as what it does to customers and to what is sent."""
    before, after = to_dict(previous), to_dict(response)
    for registration in (before, after):
        registration.setdefault("permissions", {})
    yield from _compared(_Place(), _without(before), _without(after))


def _without(registration: dict[str, Any]) -> dict[str, Any]:
    return {name: it for name, it in registration.items() if name not in _EACH_TIME}


def _compared(place: _Place, before: Any, after: Any) -> Iterator[Finding]:
    if before == after:
        return
    if place.path.rpartition(".")[2] in _LISTS and place.kind in EFFECTS:
        yield from _lists_compared(place, before or [], after or [])
    elif isinstance(before, dict) and isinstance(after, dict):
        for name in {**before, **after}:
            yield from _compared(place.field(name), before.get(name), after.get(name))
    else:
        direction = _direction(place.kind, before, after)
        rule, why = getattr(EFFECTS.get(place.kind, UNKNOWN), direction)
        yield rule(place.path, f"was {_shown(before)}, is {_shown(after)}: {why}")


def _lists_compared(place: _Place, before: list[Any], after: list[Any]) -> Iterator[Finding]:
    old, new = _by_key(place.kind, before), _by_key(place.kind, after)
    effect = EFFECTS[place.kind]
    for key in {**old, **new}:
        where = place.item(key)
        if key not in new:
            rule, why = effect.less
            yield rule(where.path, f"is gone: {why}")
        elif key not in old:
            rule, why = _of_new(place.kind, new[key]) or effect.more
            yield rule(where.path, f"is new: {why}")
        else:
            yield from _compared(where, old[key], new[key])
    if [key for key in old if key in new] != [key for key in new if key in old]:
        rule, why = SETTINGS_MOVED if place.kind == "settings" else (C3, "the order says nothing")
        yield rule(place.path, f"has another order: {why}")


def _by_key(kind: str, items: list[Any]) -> dict[str, Any]:
    """Give the items by what they are known by; what is there twice is numbered."""
    seen: Counter[str] = Counter()
    found = {}
    for item in items:
        key = str(item.get(_KNOWN_BY[kind], "") if isinstance(item, dict) else item)
        seen[key] += 1
        found[key if seen[key] == 1 else f"{key}, {seen[key]}"] = item
    return found


def _of_new(kind: str, item: dict[str, Any]) -> Outcome | None:
    if kind != "settings" or not item["visible"]:
        return None
    return NEW_REQUIRED if item.get("required") else NEW_VISIBLE


def _direction(kind: str, before: Any, after: Any) -> Literal["more", "less", "other"]:
    old, new = _amount(kind, before), _amount(kind, after)
    if old is not None and new is not None:
        return "more" if new > old else "less"
    if before is None:
        return "more"
    return "less" if after is None else "other"


def _amount(kind: str, value: Any) -> float | None:
    """Measure how much a value lets through; none for what is not more or less than another."""
    if kind in {"settings.min_value", "settings.max_value"}:
        if value is None:
            return math.inf
        return float(-value if kind == "settings.min_value" else value)
    if kind == "max_data_age_hours" and isinstance(value, int):
        return math.inf if value == NO_AGE_LIMIT else value
    is_flag = isinstance(value, bool) and kind != "settings.default_value"
    return float(value) if is_flag else None


def _shown(value: Any) -> str:
    return "absent" if value is None else msgspec.json.encode(value).decode()
