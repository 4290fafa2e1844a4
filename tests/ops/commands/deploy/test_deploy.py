"""`firehose deploy`: what stops it, what it says on its way, and how it tells the end."""

from __future__ import annotations

import json

from ops.readiness.checks import ReadinessCheck, ReadinessState
from tests.aws.cloud import FakeCloud
from tests.ops.commands.deploy.conftest import Around, Deploy

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
NAMES = ("acme-firehose", "acme-Https-1", "acme-firehose-worker")


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
