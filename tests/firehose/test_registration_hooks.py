"""What a registration asks for needs its hook in the integration."""

from __future__ import annotations

from typing import Any

from firehose import (
    CustomEvent,
    check_registration,
)
from tests.firehose.conftest import Registered
from tests.firehose.good_registration import AUDIENCES, DSR, EVENTS, A, put, registration


def test_missing_hooks_are_found_in_the_processor() -> None:
    found = check_registration(registration(), processor=Registered)
    assert [(f.id, f.path) for f in found] == [
        ("M7", f"{EVENTS}.supported_event_types[0]"), ("M7", AUDIENCES), ("M7", DSR),
    ]  # fmt: skip
    assert {f.severity for f in found} == {"error"}, "what mParticle sends would be lost"


def test_events_without_types_need_a_hook_too() -> None:
    untyped = registration()
    put("event_processing_registration.supported_event_types", [])(untyped)

    found = check_registration(untyped, processor=Registered)

    assert ("M7", EVENTS) in [(f.id, f.path) for f in found]


def test_a_processor_with_its_hooks_has_no_findings() -> None:
    class Complete(Registered):
        def process_custom_event(self, event: CustomEvent) -> None: ...
        def process_audience_membership_change_request(self, request: Any) -> Any: ...
        def process_dsr_processing_request(self, request: Any) -> Any: ...

    assert check_registration(registration(), processor=Complete) == []


def test_a_hidden_subscription_setting_needs_the_subscription_hook() -> None:
    changed = registration()
    put(f"{A}.audience_subscription_settings.0.visible", False)(changed)
    found = check_registration(changed, processor=Registered)
    assert "S7" in {f.id for f in found}
    assert "S7" not in {f.id for f in check_registration(changed)}
