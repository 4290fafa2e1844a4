"""Where each rule of a registration begins: the last value that is good, the first that is not."""

from __future__ import annotations

from typing import Any

import pytest

from firehose import (
    BooleanSetting,
    BulkConfiguration,
    Encoding,
    EventProcessingRequest,
    EventProcessingResponse,
    IntegerSetting,
    ModuleRegistrationResponse,
    PartnerIdentityPermission,
    Permissions,
    TextSetting,
    UserIdentityPermission,
    UserIdentityType,
    check_registration,
)
from tests.firehose.conftest import Registered
from tests.firehose.good_registration import AUTH, A, Change, E, api_key, put, registration

LINK = "<a href='https://acme.example'>x</a>"  # one character to see
REQUIRED = UserIdentityPermission(type=UserIdentityType.EMAIL, encoding=Encoding.RAW, required=True)
COOKIE = PartnerIdentityPermission(type="$cookie_sync_id", encoding=Encoding.RAW)


def setting(**changes: Any) -> Change:
    given: dict[str, Any] = {"id": "a", "name": "A", "description": "Yours"} | changes
    return put(f"{E}.account_settings", [TextSetting(**given)])


def number(**bounds: Any) -> Change:
    given = IntegerSetting(id="a", name="A", description="Yours", **bounds)
    return put(f"{E}.account_settings", [given])


FOUND: list[tuple[str, str, Change]] = [
    ("M3", "error", put("description", "d" * 229 + LINK)),
    ("M3", "warning", put("description", LINK.ljust(230, "d"))),
    ("M5", "warning", put("timestamp_ms", 1)),
    ("M5", "warning", put("timestamp_ms", 10**11 - 1)),
    ("S2", "warning", setting(description="d" * 201)),
    ("S2", "warning", setting(description="Your `key`")),
    ("S2", "warning", put(f"{E}.event_connection_settings", [TextSetting(id="a", name="A")])),
    ("S4", "warning", setting(id="password", name="Password")),
    ("S8", "info", setting(visible=False, default_value="")),
    ("S8", "info", setting(visible=False, default_value="x", required=True)),
    ("S11", "info", number(min_value=2, max_value=1)),
    ("S11", "info", number(default_value=2, max_value=1)),
]
GOOD: list[tuple[str, Change]] = [
    ("M3", put("description", LINK.ljust(229, "d"))),
    ("M5", put("timestamp_ms", 10**11)),
    ("P3", put("permissions.partner_identities", [COOKIE])),
    ("P6", put("permissions.user_identities", [REQUIRED])),
    ("P10", put("permissions.allow_device_info", True)),
    ("P10", put("permissions.allow_audience_user_attributes", True)),
    ("E6", put(f"{E}.max_data_age_hours", 1)),
    ("E6", put(f"{E}.max_data_age_hours", -1)),
    ("S2", setting(description="d" * 200)),
    ("S5", put(f"{E}.account_settings", [api_key(), IntegerSetting(id="a", name="A")])),
    ("S8", setting(visible=False, default_value="x")),
    ("S8", put(f"{E}.account_settings", [BooleanSetting(id="a", name="A", visible=False)])),
    ("S11", number(min_value=1, default_value=1, max_value=1)),
    ("A1", put(f"{A}.bulk_configuration", BulkConfiguration(bulk_forward_wait_in_minutes=1))),
    ("P10", lambda it: (put("permissions.allow_access_mpid", True)(it), put(E, None)(it))[0]),
    ("D3", put(E, None)),
    ("D3", put(A, None)),
]


def found(change: Change) -> list[tuple[str, str]]:
    changed = registration()
    change(changed)
    return [(it.id, it.severity) for it in check_registration(changed)]


@pytest.mark.parametrize(("rule", "severity", "change"), FOUND)
def test_first_value_beyond_the_limit_is_found(rule: str, severity: str, change: Change) -> None:
    assert (rule, severity) in found(change)


@pytest.mark.parametrize(("rule", "change"), GOOD)
def test_last_value_within_the_limit_is_good(rule: str, change: Change) -> None:
    assert rule not in {it for it, _ in found(change)}


def test_description_that_is_long_only_with_its_markup_is_a_warning() -> None:
    assert [it for it in found(put("description", "d" * 228 + LINK)) if it[0] == "M3"] == [
        ("M3", "warning")
    ]


def test_missing_description_is_called_missing() -> None:
    bare = ModuleRegistrationResponse(name="Acme", version="1")

    texts = [it.text for it in check_registration(bare) if it.id == "M4"]
    assert [text.partition(";")[0] for text in texts] == ["is missing"]


def test_token_that_lasts_a_second_only_lacks_its_renewal() -> None:
    changed = registration()
    put(f"{AUTH}.default_expires_in", 1)(changed)

    paths = [it.path for it in check_registration(changed) if it.id == "O5"]
    assert paths == [f"$.{AUTH}.refresh_url"]


def test_what_concerns_the_whole_has_its_path() -> None:
    bare = ModuleRegistrationResponse(name="Acme", version="1", description=LINK)
    assert [(it.id, it.path) for it in check_registration(bare)] == [("M6", "$")]

    greedy = registration()
    for name in Permissions.__struct_fields__:
        if name.startswith("allow_"):
            setattr(greedy.permissions, name, True)
    assert [it.path for it in check_registration(greedy) if it.id == "P13"] == ["$.permissions"]


@pytest.mark.parametrize(
    ("version", "rules"),
    [("1.7.9", {"P7"}), ("1.8.0", set()), ("1.10", set()), ("0.9", {"P7"}), ("new", set())],
)
def test_device_and_user_data_are_asked_for_since_1_8(version: str, rules: set[str]) -> None:
    before = registration()
    before.sdk_version = version

    assert {it.id for it in check_registration(registration(), before)} & {"P7"} == rules


def test_hook_of_the_whole_batch_stands_for_those_of_its_events() -> None:
    class Batches(Registered):
        def process_event_processing_request(
            self, request: EventProcessingRequest
        ) -> EventProcessingResponse:
            raise NotImplementedError

    of_events = registration()
    of_events.audience_processing_registration = of_events.dsr_processing_registration = None
    without = ModuleRegistrationResponse(name="Acme", version="1", description=LINK)

    for response, processor in ((of_events, Batches), (without, Registered)):
        rules = {it.id for it in check_registration(response, processor=processor)}
        assert "M7" not in rules
