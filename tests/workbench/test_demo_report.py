"""What the demo says of an integration: its calls by region, family and address."""

from __future__ import annotations

import pytest

from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from tests.workbench.partner_code import planned
from workbench.demo_report import call_name, families_of_calls, records_of, shared_addresses

REGIONS = ["us-east-1", "eu-central-1"]


def line(region: str, path: str, origin: str = "https://api.acme.example") -> dict[str, str]:
    return {"region": region, "method": "POST", "origin": origin, "path": path}


def test_calls_are_counted_by_region_family_and_address() -> None:
    ledger = [
        line("eu-central-1", "/events", "https://eu.acme.example"),
        line("us-east-1", "/events"),
        line("us-east-1", "/other"),
        line("us-east-1", "/events"),
    ]

    assert records_of(ledger, {("POST", "/events"): "events"}, REGIONS) == [
        {
            "region": "us-east-1",
            "family": "events",
            "call": "POST https://api.acme.example/events",
            "times": 2,
        },
        {
            "region": "us-east-1",
            "family": "?",
            "call": "POST https://api.acme.example/other",
            "times": 1,
        },
        {
            "region": "eu-central-1",
            "family": "events",
            "call": "POST https://eu.acme.example/events",
            "times": 1,
        },
    ]


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("/v2/events", "/v2/events"),
        ("/users/6f0d5f8e-0f4c-4b8e-9f0b-0d6a3f1c7b02/events", "/users/…/events"),
        ("/users/1234567", "/users/…"),
        ("/events-batch?user=1234567", "/events-batch"),
    ],
)
def test_ids_in_a_path_do_not_make_it_another_call(path: str, named: str) -> None:
    assert call_name("PUT", path) == ("PUT", named)


def test_family_of_each_call_is_found_whatever_its_body_looks_like() -> None:
    assert families_of_calls(planned()) == {
        ("POST", "/v1/events"): "events",
        ("POST", "/v1/audiences"): "audiences",
        ("POST", "/v1/memberships"): "audiences",
        ("POST", "/v1/erasures"): "dsr",
    }


def plans(**regional: str) -> tuple[RegionPlan, ...]:
    return regions(
        Deployment.model_validate(
            {
                "name": "acme",
                "pods": ["US1", "EU1"],
                "environment": {"API": "https://api.acme.example"},
                "regions": {"eu-central-1": {"environment": regional}} if regional else {},
            }
        ),
        AWS,
    )


def test_regions_that_deliver_to_one_address_are_named_and_others_are_not() -> None:
    (told,) = shared_addresses(plans())

    assert told.startswith(
        "us-east-1 and eu-central-1 deliver to the same https://api.acme.example;"
    )
    assert list(shared_addresses(plans(API="https://eu.acme.example"))) == []
