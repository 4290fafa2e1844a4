"""A made-up day: of the seed, by the registration, from every pod and over every transport."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from firehose import (
    AudienceProcessingRegistration,
    DsrProcessingRegistration,
    Encoding,
    EventProcessingRegistration,
    EventType,
    ModuleRegistrationResponse,
    Permissions,
    RuntimeEnvironmentType,
    TextSetting,
    UserIdentityPermission,
    UserIdentityType,
    decode,
)
from tests.workbench.partner_code import planned
from workbench.play.made_up_day import DAY_SECONDS, DayChoices, customers_of, made_up_day
from workbench.play.played_message import PlayedMessage

KEY = TextSetting(id="key", name="Key")
EVERYTHING = ModuleRegistrationResponse(
    name="Acme",
    version="1",
    permissions=Permissions(
        user_identities=[
            UserIdentityPermission(
                type=UserIdentityType.EMAIL, encoding=Encoding.SHA256, required=True
            )
        ]
    ),
    event_processing_registration=EventProcessingRegistration(
        account_settings=[KEY],
        supported_event_types=[EventType.CUSTOM_EVENT],
        supported_runtime_environments=[RuntimeEnvironmentType.IOS],
    ),
    audience_processing_registration=AudienceProcessingRegistration(account_settings=[KEY]),
    dsr_processing_registration=DsrProcessingRegistration(),
)


def day(
    registration: ModuleRegistrationResponse = EVERYTHING, *, seed: int = 3, **plan: Any
) -> list[PlayedMessage]:
    region = planned(**plan)
    customers = customers_of(region, registration, count=2, entered={})
    return made_up_day(region, customers, registration, DayChoices(messages=120, seed=seed))


def test_same_seed_makes_the_same_day_and_another_seed_another() -> None:
    assert day() == day()
    assert {it.id for it in day()}.isdisjoint(it.id for it in day(seed=4))


def test_every_family_is_sent_within_the_day_and_strictly_valid() -> None:
    messages = day()

    assert {it.family for it in messages} == {"events", "audiences", "dsr", "checks"}
    assert all(0 <= it.at <= DAY_SECONDS for it in messages)
    assert len({it.id for it in messages}) == len(messages)
    for it in messages:
        decode(json.dumps(it.content), strict=True)


def test_every_pod_and_transport_of_the_region_has_a_customer_with_settings_of_its_own() -> None:
    messages = day(pods=["US1", "US2"], transports=["lambda", "https"])

    customers = {it.customer.account_id: it.customer for it in messages}
    assert {it.pod for it in customers.values()} == {"US1", "US2"}
    assert {it.transport for it in customers.values()} == {"lambda", "https"}
    assert {it.settings["key"] for it in customers.values()} == {
        f"made-up-value-{account_id}" for account_id in customers
    }
    for it in messages:
        if "account_settings" in it.content.get("account", {}):
            assert it.content["account"]["account_settings"] == it.customer.settings


def test_only_who_has_the_required_identity_is_sent_and_hashed_as_asked() -> None:
    batches = [it.content for it in day() if it.family == "events"]

    assert batches
    assert {
        (identity["type"], identity["encoding"])
        for batch in batches
        for identity in batch["user_identities"]
    } == {("email", "sha256")}
    assert {event["type"] for batch in batches for event in batch["events"]} == {"custom_event"}


def test_what_is_not_registered_is_not_sent() -> None:
    only_dsr = ModuleRegistrationResponse(
        name="Acme", version="1", dsr_processing_registration=DsrProcessingRegistration()
    )

    kinds = Counter(it.type for it in day(only_dsr))

    assert set(kinds) == {"dsr_processing_request", "module_registration_request"}
    assert kinds["dsr_processing_request"] == 120


def test_endpoint_is_asked_every_hour_whether_it_lives() -> None:
    checks = [it for it in day() if it.family == "checks"]
    idle = [it for it in checks if it.type == "event_processing_request"]

    assert sorted(int(it.at // 3600) for it in idle) == list(range(24))
    assert all(it.content["events"] == [] for it in idle)


def test_audiences_are_connected_before_anybody_enters_one() -> None:
    kind = "audience_subscription_request"
    audiences = [it for it in day() if it.family == "audiences"]
    connected = [it.at for it in audiences if it.type == kind]

    assert len(connected) == 2 * 3
    assert max(connected) < min(it.at for it in audiences if it.type != kind)
