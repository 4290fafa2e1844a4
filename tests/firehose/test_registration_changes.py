"""Every difference between two registrations is told, by what it does to customers."""

from __future__ import annotations

import json
from typing import Any

import pytest
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
    decode,
    to_dict,
)
from firehose.registration_checks.changes import check_changes
from tests.firehose.full_registration import (
    AUDIENCES,
    DAYS,
    DSR,
    EMAIL,
    EVENTS,
    FULL,
    KEY,
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


def registration(content: dict[str, Any]) -> ModuleRegistrationResponse:
    message = decode(json.dumps(content))
    assert isinstance(message, ModuleRegistrationResponse)
    return message


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """Give severities by path, of what only comes from the comparison."""
    previous, response = registration(before), registration(after)
    alone = check_registration(response)
    found = [it for it in check_registration(response, previous) if it not in alone]
    return {it.path: it.severity for it in found}


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
    """Give values of the same type that differ."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int):
        return [value - 1, value + 1]
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
        for other in others(holder[last]) if not isinstance(holder[last], dict) else ():
            holder[last] = other
            texts = [it.text for it in check_changes(registration(changed), full)]
            assert not [it for it in texts if "nobody knows" in it], (*way, last)


def test_the_same_registration_under_another_id_has_no_changes() -> None:
    later = FULL | {"id": "c0ffee00-0000-4000-8000-000000000001", "timestamp_ms": 1_700_000_000_001}

    assert changes(FULL, later) == {}


CASES: list[tuple[str, Any, Any, str]] = [
    ("name", "Acme", "Acme Mail", "warning"),
    ("version", "1", "2", "info"),
    ("permissions.allow_device_info", False, True, "warning"),
    ("permissions.allow_device_info", True, False, "error"),
    (f"{EVENTS}.max_data_age_hours", 24, 48, "warning"),
    (f"{EVENTS}.max_data_age_hours", 24, -1, "warning"),
    (f"{EVENTS}.max_data_age_hours", -1, 24, "error"),
    (f"{EVENTS}.authentication.token_url", "https://a.example", "https://b.example", "error"),
    (f"{AUDIENCES}.bulk_configuration", {"bulk_forward_wait_in_minutes": 5}, None, "info"),
    (DSR, None, FULL[DSR], "warning"),
    (DSR, FULL[DSR], None, "error"),
]
ITEM_CASES: list[tuple[str, str, Any, Any, str]] = [
    (f"{EVENTS}.supported_event_types", "[custom_event]", [], ["custom_event"], "warning"),
    (f"{EVENTS}.supported_event_types", "[custom_event]", ["custom_event"], [], "error"),
    ("permissions.user_identities", "[email].encoding", EMAIL, {"encoding": "raw"}, "error"),
    ("permissions.user_identities", "[email].required", EMAIL, {"required": True}, "error"),
    (f"{EVENTS}.account_settings", "[key]", [], [KEY], "warning"),
    (f"{EVENTS}.account_settings", "[key]", [], [KEY | {"required": True}], "error"),
    (f"{EVENTS}.account_settings", "[key]", [], [KEY | {"visible": False}], "info"),
    (f"{EVENTS}.account_settings", "[key]", [KEY], [], "error"),
    (f"{EVENTS}.account_settings", "[key].name", KEY, {"name": "Your key"}, "warning"),
    (f"{EVENTS}.account_settings", "[key].required", KEY, {"required": True}, "error"),
    (f"{EVENTS}.account_settings", "[key].confidential", KEY, {"confidential": False}, "error"),
    (f"{EVENTS}.account_settings", "[key].default_value", KEY, {"default_value": "x"}, "warning"),
    (f"{EVENTS}.account_settings", "[key].default_value", KEY, {"default_value": None}, "error"),
    (f"{EVENTS}.account_settings", "[days].min_value", DAYS, {"min_value": 0}, "info"),
    (f"{EVENTS}.account_settings", "[days].min_value", DAYS, {"min_value": 2}, "error"),
    (f"{EVENTS}.account_settings", "[days].max_value", DAYS, {"max_value": None}, "info"),
    (f"{EVENTS}.account_settings", "[days].max_value", DAYS, {"max_value": 29}, "error"),
    (f"{EVENTS}.account_settings", "[days].type", DAYS, {"type": "float"}, "error"),
    (f"{EVENTS}.account_settings", "", [KEY, DAYS], [DAYS, KEY], "warning"),
    (f"{EVENTS}.authentication.scopes", "[]", [], [{"description": "Reads"}], "error"),
]


@pytest.mark.parametrize(("path", "before", "after", "severity"), CASES)
def test_change_of_a_field_has_its_severity(
    path: str, before: Any, after: Any, severity: str
) -> None:
    found = changes(_with(path, before), _with(path, after))

    assert found == {f"$.{path}": severity}


@pytest.mark.parametrize(("path", "place", "before", "after", "severity"), ITEM_CASES)
def test_change_of_an_item_has_its_severity(
    path: str, place: str, before: Any, after: Any, severity: str
) -> None:
    if isinstance(before, dict):
        before, after = [before], [before | after]

    found = changes(_with(path, before), _with(path, after))

    assert found[f"$.{path}{place}"] == severity
    assert len(found) == 1


def test_partner_identity_may_not_be_renamed_as_mparticle_documents() -> None:
    path = "permissions.partner_identities"
    renamed = _with(path, [{"type": "Acme_Other", "encoding": "raw"}])

    found = check_registration(registration(renamed), registration(FULL))

    assert [it.path for it in found if it.id == "P2"] == [f"$.{path}[Acme_Id]"]


def test_change_says_what_was_and_what_is() -> None:
    found = check_registration(registration(_with("version", "2")), registration(FULL))

    (change,) = (it for it in found if it.id == "C3")
    assert change.text == 'was "1", is "2": nothing that works or is seen changes'
    without = {name: it for name, it in FULL.items() if name != "description"}
    (added,) = check_changes(registration(FULL), registration(without))
    assert added.text == 'was absent, is "Letters": customers see it'


def test_field_that_nobody_knows_is_told_as_visible() -> None:
    assert changes(FULL, FULL | {"brand_new": {"a": [1]}}) == {"$.brand_new": "warning"}


def _with(path: str, value: Any) -> dict[str, Any]:
    changed: dict[str, Any] = json.loads(json.dumps(FULL))
    *way, last = path.split(".")
    holder: Any = changed
    for step in way:
        holder = holder[step]
    holder[last] = value
    return changed


def _sent(content: dict[str, Any]) -> dict[str, Any]:
    return to_dict(registration(content))
