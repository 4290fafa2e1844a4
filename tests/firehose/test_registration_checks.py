"""Each rule finds its departure, at its place and with its severity."""

from __future__ import annotations

from pathlib import Path

import pytest

from firehose import (
    BooleanSetting,
    BulkConfiguration,
    DeviceIdentityPermission,
    DeviceIdentityType,
    Encoding,
    EventType,
    IntegerSetting,
    ModuleRegistrationResponse,
    PartnerIdentityPermission,
    Permissions,
    RuntimeEnvironmentType,
    SystemNotificationType,
    TextSetting,
    UserIdentityPermission,
    UserIdentityType,
    check_registration,
    decode,
)
from tests.firehose.good_registration import (
    AUDIENCES,
    AUTH,
    DSR,
    EVENTS,
    A,
    Change,
    D,
    E,
    api_key,
    put,
    registration,
)


def user(kind: UserIdentityType, *, required: bool = False) -> UserIdentityPermission:
    return UserIdentityPermission(type=kind, encoding=Encoding.RAW, required=required)


def partner(name: str) -> PartnerIdentityPermission:
    return PartnerIdentityPermission(type=name, encoding=Encoding.RAW)


LINK = "<a href='https://acme.example'>x</a>"
CASES: list[tuple[str, str, str, Change]] = [
    ("M1", "error", "$.name", put("name", "")),
    ("M2", "error", "$.version", put("version", "")),
    ("M3", "error", "$.description", put("description", "d" * 230 + LINK)),
    ("M3", "warning", "$.description", put("description", "d" * 200 + LINK)),
    ("M4", "warning", "$.description", put("description", None)),
    ("M4", "warning", "$.description", put("description", "See <a href=''>us</a>")),
    ("M5", "error", "$.id", put("id", "1")),
    ("M5", "error", "$.timestamp_ms", put("timestamp_ms", 0)),
    ("M5", "warning", "$.timestamp_ms", put("timestamp_ms", 1_700_000_000)),
    ("M5", "error", "$.firehose_version", put("firehose_version", "")),
    ("M5", "error", "$.sdk_version", put("sdk_version", "")),
    ("M8", "info", "$.name", put("name", "Your Company Name")),
    ("M9", "error", f"{EVENTS}.max_data_age_hours", put(f"{E}.max_data_age_hours", 1.5)),
    ("P1", "error", "$.permissions.partner_identities",
     put("permissions.partner_identities", [partner("Acme_Id"), partner("Acme_Other")])),
    ("P2", "error", "$.permissions.partner_identities[Acme_Id]",
     put("permissions.partner_identities", [])),
    ("P3", "warning", "$.permissions.partner_identities[0].type",
     put("permissions.partner_identities", [partner("acme")])),
    ("P4", "error", "$.permissions.user_identities[0].type",
     put("permissions.user_identities.0.type", UserIdentityType("fax"))),
    ("P4", "error", "$.permissions.user_identities[0].encoding",
     put("permissions.user_identities.0.encoding", Encoding("rot13"))),
    ("P5", "info", "$.permissions.user_identities[1].type",
     put("permissions.user_identities", [user(UserIdentityType.EMAIL)] * 2)),
    ("P6", "warning", "$.permissions", put(
        "permissions.user_identities",
        [user(UserIdentityType.EMAIL, required=True), user(UserIdentityType.OTHER, required=True)],
    )),
    ("P8", "warning", f"{EVENTS}.supported_event_types",
     put(f"{E}.supported_event_types", [EventType.USER_ATTRIBUTE_CHANGE])),
    ("P10", "info", "$.permissions.allow_audience_user_attributes", lambda r: (
        put("permissions.allow_audience_user_attributes", True)(r), put(A, None)(r))[0]),
    ("P10", "info", "$.permissions.allow_device_info", lambda r: (
        put("permissions.allow_device_info", True)(r), put(E, None)(r))[0]),
    ("P11", "info", f"{EVENTS}.supported_system_notification_types", put(
        f"{E}.supported_system_notification_types", [SystemNotificationType.GDPR_CONSENT_STATE])),
    ("P12", "warning", "$.permissions.allow_eventless_batches",
     put("permissions.allow_eventless_batches", True)),
    ("E1", "error", f"{EVENTS}.supported_event_types", put(f"{E}.supported_event_types", [])),
    ("E1", "error", f"{EVENTS}.supported_event_types[0]",
     put(f"{E}.supported_event_types", [EventType("teleport")])),
    ("E2", "error", f"{EVENTS}.supported_runtime_environments",
     put(f"{E}.supported_runtime_environments", [])),
    ("E2", "error", f"{EVENTS}.supported_runtime_environments[0]",
     put(f"{E}.supported_runtime_environments", ["iOS"])),
    ("E3", "error", f"{EVENTS}.push_messaging_provider_id",
     put(f"{E}.supported_event_types", [EventType.PUSH_MESSAGE_RECEIPT])),
    ("E4", "warning", f"{EVENTS}.push_messaging_provider_id",
     put(f"{E}.supported_event_types", [EventType.PUSH_MESSAGE_OPEN])),
    ("E5", "warning", f"{EVENTS}.push_messaging_provider_id",
     put(f"{E}.push_messaging_provider_id", "acme")),
    ("E6", "warning", f"{EVENTS}.max_data_age_hours", put(f"{E}.max_data_age_hours", 0)),
    ("E6", "warning", f"{EVENTS}.max_data_age_hours", put(f"{E}.max_data_age_hours", -2)),
    ("E6", "error", f"{EVENTS}.max_data_age_hours", put(f"{E}.max_data_age_hours", "24")),
    ("E7", "warning", f"{EVENTS}.supported_runtime_environments",
     put(f"{E}.supported_runtime_environments", [RuntimeEnvironmentType.SAMSUNGTV])),
    ("S1", "error", f"{EVENTS}.account_settings[0].id", put(f"{E}.account_settings.0.id", "")),
    ("S2", "warning", f"{EVENTS}.account_settings[0].description",
     put(f"{E}.account_settings.0.description", None)),
    ("S2", "warning", f"{EVENTS}.account_settings[0].description",
     put(f"{E}.account_settings.0.description", "See [us](https://acme.example)")),
    ("S3", "info", f"{EVENTS}.account_settings[1].id",
     put(f"{E}.account_settings", [api_key(), api_key()])),
    ("C1", "error", f"{AUDIENCES}.audience_subscription_settings[list]",
     put(f"{A}.audience_subscription_settings", [])),
    ("S4", "warning", f"{EVENTS}.account_settings[0]",
     put(f"{E}.account_settings.0.confidential", False)),
    ("S5", "warning", f"{DSR}.account_settings", put(f"{D}.account_settings", [])),
    ("S6", "warning", f"{AUDIENCES}.account_settings", put(f"{A}.account_settings", [])),
    ("S8", "info", f"{EVENTS}.account_settings[0]", put(f"{E}.account_settings.0.visible", False)),
    ("S8", "info", f"{EVENTS}.account_settings[0]", put(
        f"{E}.account_settings", [TextSetting(id="a", name="A", visible=False)])),
    ("S11", "info", f"{EVENTS}.account_settings[0]", put(
        f"{E}.account_settings", [IntegerSetting(id="a", name="A", min_value=5, default_value=1)])),
    ("S12", "info", f"{EVENTS}.account_settings[0]", put(
        f"{E}.account_settings", [BooleanSetting(id="a", name="A", checked=True)])),
    ("A1", "info", f"{AUDIENCES}.bulk_configuration.bulk_forward_wait_in_minutes", put(
        f"{A}.bulk_configuration", BulkConfiguration(bulk_forward_wait_in_minutes=0))),
    ("O1", "error", f"{AUDIENCES}.authentication.token_url", put(f"{AUTH}.token_url", None)),
    ("O2", "error", f"{AUDIENCES}.authentication.client_id", put(f"{AUTH}.client_id", "")),
    ("O3", "error", f"{AUDIENCES}.authentication.custom_header_name",
     put(f"{AUTH}.access_token_type", "custom_header")),
    ("O3", "warning", f"{AUDIENCES}.authentication.custom_header_name",
     put(f"{AUTH}.custom_header_name", "X-Token")),
    ("O4", "error", f"{AUDIENCES}.authentication.scopes[0].description",
     put(f"{AUTH}.scopes.0.description", None)),
    ("O5", "warning", f"{AUDIENCES}.authentication.default_expires_in",
     put(f"{AUTH}.default_expires_in", 0)),
    ("O5", "warning", f"{AUDIENCES}.authentication.refresh_url",
     put(f"{AUTH}.default_expires_in", 3600)),
    ("O6", "info", f"{AUDIENCES}.authentication.token_url",
     put(f"{AUTH}.token_url", "http://acme.example")),
    ("O7", "error", f"{AUDIENCES}.authentication.grant_type",
     put(f"{AUTH}.grant_type", "implicit")),
    ("D1", "error", f"{DSR}.supported_dsr_types", put(f"{D}.supported_dsr_types", [])),
    ("D2", "warning", f"{DSR}.domain", put(f"{D}.domain", None)),
    ("D3", "info", "$.permissions", lambda r: (put(E, None)(r), put(A, None)(r))[0]),
]  # fmt: skip


def test_a_good_registration_has_no_findings() -> None:
    assert check_registration(registration(), registration()) == []


@pytest.mark.parametrize(
    ("rule", "severity", "path", "change"), CASES, ids=[f"{c[0]}-{c[2]}" for c in CASES]
)
def test_the_rule_finds_its_departure(rule: str, severity: str, path: str, change: Change) -> None:
    changed = registration()
    change(changed)
    findings = check_registration(changed, registration())
    [finding] = [f for f in findings if (f.id, f.path) == (rule, path)]
    assert finding.severity == severity
    assert finding.text
    assert finding.source


def test_a_registration_of_nothing_is_an_info() -> None:
    bare = ModuleRegistrationResponse(name="Acme", version="1", description=LINK)
    assert [(f.id, f.severity) for f in check_registration(bare)] == [("M6", "info")]


def test_identity_changes_need_permitted_identities() -> None:
    changed = registration()
    put(f"{E}.supported_event_types", [EventType.USER_IDENTITY_CHANGE])(changed)
    put("permissions.user_identities", [])(changed)
    assert "P9" in {f.id for f in check_registration(changed)}


def test_an_upgrade_from_before_1_8_must_ask_for_device_and_user_data() -> None:
    before = registration()
    before.sdk_version = "1.7.0"
    assert [f.path for f in check_registration(registration(), before) if f.id == "P7"] == [
        "$.permissions.allow_device_info", "$.permissions.allow_user_attributes",
    ]  # fmt: skip


def test_asking_for_everything_is_a_warning() -> None:
    greedy = registration()
    for name in Permissions.__struct_fields__:
        if name.startswith("allow_"):
            setattr(greedy.permissions, name, True)
    assert "P13" in {f.id for f in check_registration(greedy)}


def test_errors_come_first() -> None:
    changed = registration()
    put("name", "my_test")(changed)
    put("description", None)(changed)
    put(f"{AUTH}.client_id", None)(changed)
    assert [f.severity for f in check_registration(changed)] == ["error", "warning", "info"]


def test_a_device_identity_can_be_asked_for() -> None:
    changed = registration()
    tizen = DeviceIdentityPermission(
        type=DeviceIdentityType.TIZEN_ADVERTISING_ID, encoding=Encoding.RAW
    )
    put("permissions.device_identities", [tizen])(changed)
    assert check_registration(changed) == []


def test_mparticles_sample_has_no_errors(sdk_samples: Path) -> None:
    sample = decode((sdk_samples / "examples/ModuleRegistrationResponse.json").read_bytes())
    assert isinstance(sample, ModuleRegistrationResponse)
    assert {f.severity for f in check_registration(sample)} == {"warning", "info"}
