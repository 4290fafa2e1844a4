"""`firehose deploy`: what stops it, what it says on its way, and how it tells the end."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ops.live.region import LiveRegion
from ops.proof.verdicts import Verdict
from ops.readiness.checks import ReadinessCheck, ReadinessState
from plan.region_plan import RegionPlan
from probe.endpoint_answer import EndpointAnswer
from tests.aws.cloud import FakeCloud
from tests.running import Ran, Run

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
NAMES = ("acme-firehose", "acme-Https-1", "acme-firehose-worker")
Deploy = Callable[..., Ran]


@dataclass
class Around:
    """What a deployment meets: checks, wrong answers by region, and a region with a Ctrl-C."""

    checks: list[ReadinessCheck] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    ctrl_c_in: str | None = None
    asked: list[tuple[bool, bool]] = field(default_factory=list)
    synthesized: list[Path] = field(default_factory=list)

    def check_regions(
        self, _chosen: object, *, is_part: bool, keep: bool
    ) -> tuple[list[ReadinessCheck], list[Any]]:
        self.asked.append((is_part, keep))
        return self.checks, []

    def call_region(self, live: LiveRegion, _settings: object) -> list[Verdict]:
        answer = EndpointAnswer(status=200, content={}, milliseconds=1.0)
        region = live.plan.region
        problems = {"event_processing_request": self.wrong.get(region), "audience": None}
        return [
            Verdict(
                region=region,
                transport="lambda",
                message=message,
                id="m-1",
                answer=answer,
                problem=problem,
                advice=None,
            )
            for message, problem in problems.items()
        ]


@pytest.fixture
def around() -> Around:
    return Around()


@pytest.fixture
def deploy(
    run: Run, cloud: FakeCloud, file: Path, around: Around, monkeypatch: pytest.MonkeyPatch
) -> Deploy:
    """Deploy new code to the double, where every region runs older code and answers right."""

    def deploy_stack(plan: RegionPlan, *, report: Callable[[int, int], None], **_: object) -> None:
        if plan.region == around.ctrl_c_in:
            os.kill(os.getpid(), signal.SIGINT)
        cloud.deploy(plan, "two")
        report(3, 3)

    monkeypatch.setattr("ops.commands.deploy.check_regions", around.check_regions)
    monkeypatch.setattr(
        "ops.commands.deploy.synthesize", lambda file, **_: around.synthesized.append(file)
    )
    monkeypatch.setattr("ops.commands.deploy.deploy_stack", deploy_stack)
    monkeypatch.setattr("ops.commands.deploy.call_region", around.call_region)
    environment = {"FIREHOSE_DEPLOYMENT": str(file)}
    return lambda *arguments: run("deploy", *arguments, environment=environment)


def test_every_region_is_said_where_it_was_every_region(deploy: Deploy) -> None:
    result = deploy()

    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines()[-1] == (
        "Every region is deployed and answers. Next: firehose handoff"
    )


def test_regions_are_named_where_it_was_not_every_one(deploy: Deploy) -> None:
    result = deploy("--region", "eu-central-1", "--region", "us-east-1")

    assert result.stderr.splitlines()[-1] == (
        "Deployed, and answers right: us-east-1 and eu-central-1. Next: firehose handoff"
    )
    assert "Every region" not in result.stderr


def test_resources_of_each_region_are_progress_within_a_wave(deploy: Deploy) -> None:
    lines = deploy("--region", "eu-central-1").stderr.splitlines()

    begun = lines.index("Wave 1 of 1: eu-central-1 …")
    assert lines[begun + 1 : begun + 3] == [
        "eu-central-1: resources: 3 of 3",
        "eu-central-1: deployed, answers right",
    ]


def serving(cloud: FakeCloud, region: str) -> list[str]:
    states = cloud.session(region).functions.states
    return [states[it].aliases["production"].version for it in NAMES]


def test_record_of_a_region_has_its_wave_and_its_versions_before_and_now(deploy: Deploy) -> None:
    result = deploy("--format", "json")

    assert json.loads(result.stdout) == [
        {
            "wave": 1 if region == "us-east-1" else 2,
            "region": region,
            "stack": f"acme-firehose-{region}",
            "outcome": "deployed",
            "before": [1, 1, 1],
            "now": [2, 2, 2],
        }
        for region in REGIONS
    ]
    assert result.stderr.splitlines()[:3] == [
        "Order: us-east-1, then eu-central-1 and ap-southeast-2",
        "Synthesizing …",
        "Wave 1 of 2: us-east-1 …",
    ]


def test_chosen_waves_are_deployed_in_their_order(deploy: Deploy) -> None:
    result = deploy("--wave", "ap-southeast-2,eu-central-1", "--wave", "us-east-1")

    waves = [line for line in result.stderr.splitlines() if line.startswith("Wave")]
    assert waves == [
        "Wave 1 of 2: ap-southeast-2 and eu-central-1 …",
        "Wave 2 of 2: us-east-1 …",
    ]


def test_wrong_answers_take_the_wave_back_and_end_the_release(
    deploy: Deploy, cloud: FakeCloud, around: Around
) -> None:
    around.wrong = {"us-east-1": "answered 500"}

    result = deploy("--format", "json")

    assert result.returncode == 1
    assert [(row["outcome"], row["now"]) for row in json.loads(result.stdout)] == [
        ("taken back", [1, 1, 1]),
        ("not begun", []),
        ("not begun", []),
    ]
    assert "us-east-1: acme-firehose is back at version 1" in result.stderr
    assert result.stderr.endswith(
        "us-east-1: event_processing_request: answered 500"
        "\nNext: firehose logs --region us-east-1, mend the integration, deploy again\n"
    )
    assert serving(cloud, "us-east-1") == ["1", "1", "1"]


def check(state: ReadinessState, found: str, *, stops_deploy: bool = False) -> ReadinessCheck:
    return ReadinessCheck(
        region="us-east-1",
        name="quota",
        state=state,
        found=found,
        next_step="ask AWS",
        stops_deploy=stops_deploy,
    )


def test_what_needs_attention_is_said_and_stops_nothing(deploy: Deploy, around: Around) -> None:
    around.checks = [check(ReadinessState.OK, "fine"), check(ReadinessState.ATTENTION, "low")]

    result = deploy()

    assert "! us-east-1: quota: low\nNext: ask AWS\n" in result.stderr
    assert "fine" not in result.stderr
    assert result.returncode == 0


def test_what_would_fail_stops_it_before_anything_is_deployed(
    deploy: Deploy, cloud: FakeCloud, around: Around
) -> None:
    around.checks = [check(ReadinessState.FAILED, "none", stops_deploy=True)]

    result = deploy()

    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.count("✗ us-east-1: quota: none") == 1
    assert "Synthesizing" not in result.stderr
    assert serving(cloud, "us-east-1") == ["1", "1", "1"]


def test_dry_run_of_a_region_keeps_no_measured_limits(
    deploy: Deploy, around: Around, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: "")

    deploy("--region", "us-east-1", "--dry-run")
    deploy()

    part_and_keep, whole_and_keep = around.asked
    assert part_and_keep == (True, False)
    assert whole_and_keep == (False, True)


DIFF = "Stack acme\nResources\n[~] AWS::SQS::Queue Delivery/Queue Queue1 replace\n"


def test_dry_run_synthesizes_and_has_a_line_for_each_resource(
    deploy: Deploy, around: Around, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: DIFF)

    result = deploy("--region", "us-east-1", "--dry-run")

    assert around.synthesized == [file]
    heading, _, row = (line for line in result.stdout.splitlines() if line.strip())
    assert heading.split() == ["state", "region", "change", "effect", "properties", "resource"]
    assert row.split() == ["✗", "us-east-1", "changed", "replaced", "-", "Delivery/Queue"]


def test_dry_run_as_markdown_has_the_facts_of_each_region_too(
    deploy: Deploy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: DIFF)

    lines = deploy("--dry-run", "--format", "markdown").stdout.splitlines()

    (heading,) = (line for line in lines if "who may invoke" in line)
    assert [it.strip() for it in heading.split("|")[1:-1]] == [
        *("region", "versions", "who may invoke", "cost")
    ]
    assert len([line for line in lines if line.startswith("| us-east-1")]) == 1


def test_dry_run_of_a_region_that_fails_is_told_by_its_exit_code(
    deploy: Deploy, cloud: FakeCloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.commands.deploy.diff", lambda *_, **__: DIFF)
    cloud.session("eu-central-1").stacks.is_refused = True

    result = deploy("--dry-run")

    assert result.returncode == 1
    assert "eu-central-1: versions" not in result.stderr
    assert "Nothing was deployed" not in result.stderr


def test_ctrl_c_ends_it_after_the_wave_at_hand(
    deploy: Deploy, cloud: FakeCloud, around: Around
) -> None:
    around.ctrl_c_in = "us-east-1"

    result = deploy("--format", "json")

    assert result.returncode == 130
    assert [row["outcome"] for row in json.loads(result.stdout)] == [
        "deployed",
        "not begun",
        "not begun",
    ]
    assert result.stderr.endswith(
        "Stopped; what is deployed works and stays.\nNext: firehose deploy for the rest\n"
    )
    assert [serving(cloud, region)[0] for region in REGIONS] == ["2", "1", "1"]
