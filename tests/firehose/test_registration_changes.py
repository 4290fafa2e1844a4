"""Every difference between two registrations is told, by what it does to customers."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from firehose import (
    AudienceProcessingRegistration,
    BooleanSetting,
    BulkConfiguration,
    DeviceIdentityPermission,
    DsrProcessingRegistration,
    EventProcessingRegistration,
    IntegerSetting,
    ModuleRegistrationResponse,
    OAuth2Authentication,
    PartnerIdentityPermission,
    Permissions,
    ScopeDetail,
    TextSetting,
    UserIdentityPermission,
    check_registration,
    to_dict,
)
from firehose.registration_checks.changes import check_changes
from tests.firehose.full_registration import (
    FULL,
    changes,
    registration,
    with_value,
)

ENVELOPE = {"type", "id", "timestamp_ms"}
CLASSES = {"text", "integer", "boolean", "oauth2"}
"""Words of which another one makes another class, with other fields."""
NOT_REMOVABLE = {"name", "version", "id", "type", "encoding"}
MODELS = (
    ModuleRegistrationResponse, Permissions, DeviceIdentityPermission, UserIdentityPermission,
    PartnerIdentityPermission, EventProcessingRegistration, AudienceProcessingRegistration,
    DsrProcessingRegistration, BulkConfiguration, OAuth2Authentication, ScopeDetail, TextSetting,
    IntegerSetting, BooleanSetting,
)  # fmt: skip


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Give every field, and every item of a list, by its path."""
    steps: list[str | int] = []
    if isinstance(value, dict):
        skipped = set() if path else ENVELOPE
        steps = [name for name in value if name not in skipped and str(value[name]) not in CLASSES]
    elif isinstance(value, list):
        steps = list(range(len(value)))
    return [it for step in steps for it in [(*path, step), *places(value[step], (*path, step))]]


def others(value: Any) -> list[Any]:
    """Give values of the same type that differ; of an object, that it is absent."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1]
    if isinstance(value, dict):
        return [None]
    if isinstance(value, list):
        return [value[:-1], [*value[1:], value[0]]] if len(value) > 1 else [[]]
    return [f"{value}x"]


@st.composite
def single_changes(draw: st.DrawFn) -> dict[str, Any]:
    """Change, add or take away one thing of the full registration."""
    changed: dict[str, Any] = json.loads(json.dumps(FULL))
    *way, last = draw(st.sampled_from(places(FULL)))
    holder: Any = changed
    for step in way:
        holder = holder[step]
    if (isinstance(holder[last], dict) or draw(st.booleans())) and last not in NOT_REMOVABLE:
        del holder[last]
    elif not isinstance(holder[last], dict):
        holder[last] = draw(st.sampled_from(others(holder[last])))
    return changed


def test_the_full_registration_has_every_field() -> None:
    def fields(value: Any) -> set[str]:
        if isinstance(value, list):
            return {name for item in value for name in fields(item)}
        return {*value, *fields([*value.values()])} if isinstance(value, dict) else set()

    assert fields(FULL) >= {name for model in MODELS for name in model.__struct_fields__}
    assert not registration(FULL).unknown_fields


@given(single_changes())
def test_every_change_of_one_thing_is_told_forth_and_back(changed: dict[str, Any]) -> None:
    if _sent(changed) == _sent(FULL):  # what is absent is its default
        return
    assert changes(FULL, changed)
    assert changes(changed, FULL)


def test_first_permissions_are_told_one_by_one() -> None:
    none = {name: it for name, it in FULL.items() if name != "permissions"}
    few = FULL | {"permissions": {"allow_device_info": True}}

    assert changes(none, few) == {"$.permissions.allow_device_info": "warning"}


def test_the_effect_of_every_field_is_known() -> None:
    full = registration(FULL)
    for *way, last in places(FULL):
        changed = json.loads(json.dumps(FULL))
        holder = changed
        for step in way:
            holder = holder[step]
        for other in others(holder[last]):
            holder[last] = other
            texts = [it.text for it in check_changes(registration(changed), full)]
            assert not [it for it in texts if "nobody knows" in it], (*way, last)


def test_the_same_registration_under_another_id_has_no_changes() -> None:
    later = FULL | {"id": "c0ffee00-0000-4000-8000-000000000001", "timestamp_ms": 1_700_000_000_001}

    assert changes(FULL, later) == {}


def test_partner_identity_may_not_be_renamed_as_mparticle_documents() -> None:
    path = "permissions.partner_identities"
    renamed = with_value(path, [{"type": "Acme_Other", "encoding": "raw"}])

    found = check_registration(registration(renamed), registration(FULL))

    assert [it.path for it in found if it.id == "P2"] == [f"$.{path}[Acme_Id]"]


def test_change_says_what_was_and_what_is() -> None:
    found = check_registration(registration(with_value("version", "2")), registration(FULL))

    (change,) = (it for it in found if it.id == "C3")
    assert change.text == 'was "1", is "2": nothing that works or is seen changes'
    without = {name: it for name, it in FULL.items() if name != "description"}
    (added,) = check_changes(registration(FULL), registration(without))
    assert added.id == "C2"
    assert added.text == 'was absent, is "Letters": customers see it'


def test_field_that_nobody_knows_is_told_as_visible() -> None:
    assert changes(FULL, FULL | {"brand_new": {"a": [1]}}) == {"$.brand_new": "warning"}


def _sent(content: dict[str, Any]) -> dict[str, Any]:
    return to_dict(registration(content))
