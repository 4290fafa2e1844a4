"""The last value that a deployment file may have, and the first one that is refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from plan.deployment import Deployment
from plan.function import can_snap_start, package_of
from plan.limits import RegionLimits
from plan.problems import problems_of

LABEL = "a" * 61
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/a-1"


def chosen(key: str, value: object) -> dict[str, Any]:
    """Give the choices in which `key`, such as `queue.batch_size`, has a value."""
    table, _, below = key.partition(".")
    return {"name": "acme", table: chosen_below(below, value) if below else value}


def chosen_below(key: str, value: object) -> dict[str, object]:
    first, _, below = key.partition("/")
    return {first: chosen_below(below, value) if below else value}


def domain(name: str) -> dict[str, str]:
    return {"name": name, "certificate_arn": CERTIFICATE}


TAKEN = [
    ("name", "a" * 40),
    ("tags", {"k": "v", "k" * 128: "v" * 256}),
    ("function.reserved_concurrency", 1),
    ("function", {"reserved_concurrency": 5, "provisioned_concurrency": 5}),
    ("function", {"reserved_concurrency": "unreserved", "provisioned_concurrency": 5}),
    ("worker", {"reserved_concurrency": 2, "maximum_concurrency": 2}),
    ("queue", {"retention_days": 5, "dead_letter_retention_days": 5}),
    ("queue.visibility_seconds", 180),
    ("traffic", {"average_rps": 500, "peak_rps": 500}),
    ("logs.trace", ["a" * 64, "-_9"]),
    ("alarms.email", "on.call@alarms.acme.example"),
    ("alarms.https", ["https://alarms.acme.example/0123456789abcdefghi", "secret:a/b+c=d.e@f-1"]),
    ("environment", {"A": "x" * 3_063}),
    ("environment", {"A": "ÿ" * 1_531}),
    ("environment", {"MONKEY": "x", "KEY_FILE": "x", "TOKENS": "x", "AWSOME": "x"}),
    ("https.prefix", "/firehose/v1.0_a-b"),
    ("regions.us-east-1/domain", domain(f"{LABEL}.{LABEL}.{LABEL}.{LABEL}.abcde")),
    ("code.runtime", "python3.12"),
    ("code.integration", "acme.sub_module:Acme_1"),
]
REFUSED = [
    ("name", "a" * 41, "name"),
    ("tags", {"": "v"}, "tags."),
    ("tags", {"k" * 129: "v"}, f"tags.{'k' * 129}"),
    ("tags", {"AWS:k": "v"}, "tags.AWS:k"),
    ("tags", {"k": "v" * 257}, "tags.k"),
    ("function.reserved_concurrency", 0, "function.reserved_concurrency"),
    ("function.reserved_concurrency", "shared", "function.reserved_concurrency"),
    (
        "queue",
        {"retention_days": 5, "dead_letter_retention_days": 4},
        "queue.dead_letter_retention_days",
    ),
    ("queue.visibility_seconds", 179, "queue.visibility_seconds"),
    ("traffic", {"average_rps": 500, "peak_rps": 499}, "traffic.peak_rps"),
    ("logs.trace", ["a" * 65], "logs.trace.0"),
    ("logs.trace", ["a", "a"], "logs.trace"),
    ("alarms.email", "oncall@acme", "alarms.email"),
    ("alarms.https", ["https://alarms.acme.example/0123456789abcdefghij"], "alarms.https.0"),
    ("environment", {"A": "x" * 3_064}, "environment"),
    ("environment", {"lambda_a": "x"}, "environment.lambda_a"),
    ("environment", {"FIREHOSE_A": "x"}, "environment.FIREHOSE_A"),
    ("environment", {"Password": "x"}, "environment.Password"),
    ("https.prefix", "firehose", "https.prefix"),
    (
        "regions.us-east-1/domain",
        domain(f"{LABEL}.{LABEL}.{LABEL}.{LABEL}.abcdef"),
        "regions.us-east-1.domain.name",
    ),
    (
        "regions.us-east-1/domain",
        {"name": "e.acme.example", "certificate_arn": "arn:aws:acm:us-east-1:111122223333:role/a"},
        "regions.us-east-1.domain.certificate_arn",
    ),
    ("code.integration", "acme:Acme.inner", "code.integration"),
    (
        "accounts.EU1",
        {"confirmed": ["583371261087"], "removed": ["583371261087"]},
        "accounts.EU1.removed",
    ),
]


@pytest.mark.parametrize(("key", "value"), TAKEN)
def test_last_value_that_is_allowed_is_taken_as_it_is(key: str, value: object) -> None:
    deployment = Deployment.model_validate(chosen(key, value))

    assert deployment.model_dump(mode="json", exclude_unset=True) == chosen(key, value)


@pytest.mark.parametrize(("key", "value", "problem"), REFUSED)
def test_first_value_that_is_not_allowed_is_refused(key: str, value: object, problem: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Deployment.model_validate(chosen(key, value))

    assert [it.key for it in problems_of(refused.value, Deployment)] == [problem]


@pytest.mark.parametrize(
    "runtime", ["python3.14", "java25", "nodejs24.x", "dotnet8", "ruby3.4", "provided.al2023"]
)
def test_artifact_may_have_every_runtime_of_lambda(tmp_path: Path, runtime: str) -> None:
    code = {"path": str(tmp_path), "runtime": runtime, "handler": "bootstrap"}

    assert Deployment.model_validate({"name": "acme", "code": code}).code.runtime == runtime


@pytest.mark.parametrize(
    ("older", "first"), [("python3.11", "python3.12"), ("java8", "java11"), ("dotnet6", "dotnet8")]
)
def test_snap_start_begins_with_a_version_of_each_language(older: str, first: str) -> None:
    # docs.aws.amazon.com/lambda/latest/dg/snapstart.html
    assert not can_snap_start(older)
    assert can_snap_start(first)


def test_other_languages_have_no_snap_start() -> None:
    assert can_snap_start("nodejs24.x") is can_snap_start("provided.al2023") is False


def test_package_of_an_integration_is_the_folder_that_its_module_is_in() -> None:
    assert package_of("acme.events.queue:Acme") == package_of("acme:Acme") == "acme"


def test_what_was_read_cannot_be_changed() -> None:
    deployment = Deployment(name="acme")

    with pytest.raises(ValidationError, match="frozen"):
        deployment.name = "other"


@pytest.mark.parametrize(
    ("traffic", "inline_ms"), [({"p99_ms": 1}, 1), ({"p99_ms": 301}, 150), ({"average_ms": 7}, 7)]
)
def test_call_lasts_half_of_the_p99_unless_it_was_measured(
    traffic: dict[str, int], inline_ms: int
) -> None:
    deployment = Deployment.model_validate({"name": "acme", "traffic": traffic})

    assert deployment.traffic.inline_ms == inline_ms


def test_whole_limit_of_an_account_may_be_free_or_ours() -> None:
    def measured(**found: int) -> RegionLimits:
        day = date(2026, 11, 2)
        return RegionLimits.model_validate(
            {"measured_on": day, "concurrent_executions": 1_000, **found}
        )

    assert measured(unreserved=1_000).room == 900
    assert measured(unreserved=400, own_reserved=600).room == 900
    with pytest.raises(ValidationError, match="at most concurrent_executions, 1000"):
        measured(unreserved=401, own_reserved=600)
    with pytest.raises(ValidationError) as refused:
        measured(unreserved=1_000, own_reserved=-1)
    assert refused.value.error_count() == 1
