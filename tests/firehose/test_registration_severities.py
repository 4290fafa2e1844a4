"""How bad each change of a registration is."""

from __future__ import annotations

from typing import Any

import pytest

from tests.firehose.full_registration import (
    AUDIENCES,
    DAYS,
    DSR,
    EMAIL,
    EVENTS,
    FULL,
    KEY,
    SWITCH,
    changes,
    with_value,
)

CASES: list[tuple[str, Any, Any, str]] = [
    ("name", "Acme", "Acme Mail", "warning"),
    ("version", "1", "2", "info"),
    ("permissions.allow_device_info", False, True, "warning"),
    ("permissions.allow_device_info", True, False, "error"),
    (f"{EVENTS}.max_data_age_hours", 24, 48, "warning"),
    (f"{EVENTS}.max_data_age_hours", 24, -1, "warning"),
    (f"{EVENTS}.max_data_age_hours", -1, 24, "error"),
    (f"{EVENTS}.authentication.default_expires_in", 60, 120, "info"),
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
    (
        f"{EVENTS}.event_connection_settings",
        "[on].default_value",
        SWITCH | {"default_value": True},
        {"default_value": False},
        "warning",
    ),
    (
        f"{EVENTS}.authentication.scopes",
        "[read].description",
        {"name": "read", "description": "Reads"},
        {"description": "Reads all"},
        "warning",
    ),
    (f"{EVENTS}.authentication.scopes", "[]", [], [{"description": "Reads"}], "error"),
]


@pytest.mark.parametrize(("path", "before", "after", "severity"), CASES)
def test_change_of_a_field_has_its_severity(
    path: str, before: Any, after: Any, severity: str
) -> None:
    found = changes(with_value(path, before), with_value(path, after))

    assert found == {f"$.{path}": severity}


@pytest.mark.parametrize(("path", "place", "before", "after", "severity"), ITEM_CASES)
def test_change_of_an_item_has_its_severity(
    path: str, place: str, before: Any, after: Any, severity: str
) -> None:
    if isinstance(before, dict):
        before, after = [before], [before | after]

    found = changes(with_value(path, before), with_value(path, after))

    assert found[f"$.{path}{place}"] == severity
    assert len(found) == 1
