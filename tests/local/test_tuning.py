"""`firehose tune` on the embedded AWS, whole: every size is called, and nothing of it is left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firehose import (
    AudienceProcessingRegistration,
    EventProcessingRegistration,
    EventType,
    ModuleRegistrationResponse,
    RuntimeEnvironmentType,
    to_dict,
)
from plan.names import ALIAS
from tests.local.documented import records
from tests.local.small_stack import Deploy, client, create

REGION = "us-east-1"
REGISTRATION = to_dict(
    ModuleRegistrationResponse(
        name="Acme",
        version="1",
        event_processing_registration=EventProcessingRegistration(
            supported_event_types=[EventType.CUSTOM_EVENT],
            supported_runtime_environments=[RuntimeEnvironmentType.IOS],
        ),
        audience_processing_registration=AudienceProcessingRegistration(),
    )
)
CODE = f"""
import json
REGISTRATION = json.loads({json.dumps(REGISTRATION)!r})
def handler(event, context):
    if event["type"] == "module_registration_request":
        return REGISTRATION
    assert event["type"] == "event_processing_request", event["type"]
    return {{"type": "event_processing_response", "id": event["id"]}}
"""


@pytest.mark.rehearsal
def test_sizes_are_measured_and_the_function_is_left_as_it_was(
    deploy: Deploy, tmp_path: Path
) -> None:
    cloud = deploy("tuned")
    create(cloud.environment, "tuned", REGION, CODE)
    lambda_ = client(cloud.environment, "lambda", REGION)

    def looked_at() -> tuple[object, ...]:
        function = "tuned-firehose"
        configuration = lambda_.get_function_configuration(FunctionName=function)
        versions = lambda_.list_versions_by_function(FunctionName=function)["Versions"]
        return (
            [configuration.get(it) for it in ("Description", "MemorySize", "Environment")],
            [it["Version"] for it in versions],
            lambda_.get_alias(FunctionName=function, Name=ALIAS)["FunctionVersion"],
        )

    before, page = looked_at(), tmp_path / "tuning.html"
    command = ("firehose", "tune", "--memory", "512", "--memory", "1769", "--calls", "10")

    shown = cloud.run(*command, "--dry-run")
    result = cloud.run(*command, "--html", str(page), "--format", "json")

    assert (shown.returncode, shown.stdout) == (0, "")
    assert shown.stderr.endswith("Nothing was published (--dry-run).\n")
    assert result.returncode == 0, result.stderr
    rows = records("tune", result.stdout)
    assert [(it["memory_mb"], it["calls"], it["failed"]) for it in rows] == [
        (512, 12, 0),
        (1769, 12, 0),
    ]
    assert sum(bool(it["advised"]) for it in rows) == 1
    assert "On the embedded AWS memory changes nothing" in result.stderr
    assert "\nNext: [function] memory_mb = " in result.stderr
    assert "<h1>Memory</h1>" in page.read_text("utf-8")
    assert looked_at() == before
