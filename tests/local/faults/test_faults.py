"""Every command while AWS fails in one of two regions: a red line there, the other as ever."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cloud.regions
from tests.aws.faulty_aws import Fault, FaultyAws
from tests.local.documented import records
from tests.local.small_stack import REGIONS, create_stack
from tests.running import Firehose, Ran

WELL, SICK = REGIONS

COMMANDS = (
    ("verify",),
    ("handoff",),
    ("status",),
    ("rollback", "--dry-run"),
    ("redrive", "--dry-run"),
    ("logs",),
    ("drift",),
    ("destroy", "--dry-run"),
    ("preflight", "--dry-run"),
    ("deploy", "--dry-run"),
    ("quota", "status"),
    ("quota", "request", "--dry-run"),
    ("quota", "recommend"),
)
FAULTS = {
    "expired token": (Fault(code="ExpiredToken"), 3, "set AWS_PROFILE"),
    "region not enabled": (Fault(code="UnrecognizedClientException"), 3, "enable-region"),
    "throttled": (Fault(code="ThrottlingException"), 1, "AWS asks for a pause"),
    "access denied": (Fault(code="AccessDeniedException"), 1, "let the credentials call"),
    "hangs up": (Fault(), 1, "check the network and that eu-central-1 is enabled"),
    "never answers": (Fault(seconds=60), 1, "check the network and that eu-central-1 is enabled"),
}


def assert_told(ran: Ran, code: int, next_step: str) -> None:
    assert ran.returncode == code, ran.stderr
    assert f"{SICK}: " in ran.stderr
    assert next_step in ran.stderr
    assert f"{WELL}: no usable" not in ran.stderr
    assert f"{WELL}: AWS cannot" not in ran.stderr


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("what", ["expired token", "hangs up"])
def test_every_command_tells_the_fault_of_one_region_with_what_to_do(
    firehose: Firehose, aws: FaultyAws, tmp_path: Path, command: tuple[str, ...], what: str
) -> None:
    fault, code, next_step = FAULTS[what]
    aws.faults = [Fault(region=SICK, code=fault.code)]
    report = ("--report", str(tmp_path / "proof.json")) if command == ("verify",) else ()

    assert_told(firehose(*command, *report), code, next_step)


@pytest.mark.parametrize("what", FAULTS)
def test_region_that_is_well_is_shown_whatever_the_other_one_suffers(
    firehose: Firehose, aws: FaultyAws, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    if what == "never answers":  # shorter, and still more than a busy machine needs for an answer
        monkeypatch.setattr(cloud.regions, "READ_SECONDS", 4.0)
    fault, code, next_step = FAULTS[what]
    aws.faults = [Fault(region=SICK, code=fault.code, seconds=fault.seconds)]

    ran = firehose("status", "--format", "json")

    assert_told(ran, code, next_step)
    assert {row["region"] for row in records("status", ran.stdout)} == {WELL}


def test_region_that_never_answers_is_given_up_within_about_a_minute() -> None:
    config: Any = cloud.regions.session_in(SICK).client("sts").meta.config

    assert (config.connect_timeout, config.read_timeout) == (5, 20)
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}


def test_throttled_call_is_repeated_before_anybody_hears_of_it(
    firehose: Firehose, aws: FaultyAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cloud.regions, "ATTEMPTS", 2)
    aws.faults = [Fault(region=SICK, operation="ListStackResources", code="Throttling", spared=0)]

    ran = firehose("status")

    asked = [call for call in aws.calls if call == (SICK, "cloudformation", "ListStackResources")]
    assert len(asked) == 2
    assert "ListStackResources failed: Throttling" in ran.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"AWS_PROFILE": "nobody"}, "The config profile (nobody) could not be found"),
        ({"AWS_ACCESS_KEY_ID": "half", "AWS_SECRET_ACCESS_KEY": ""}, "no usable AWS credentials"),
    ],
    ids=["missing profile", "half a key"],
)
def test_credentials_that_are_not_there_are_told_as_such(
    firehose: Firehose, settings: dict[str, str], words: str
) -> None:
    ran = firehose("status", **settings)

    assert ran.returncode == 3
    assert words in ran.stderr
    assert "Next: set AWS_PROFILE" in ran.stderr


@pytest.mark.parametrize(
    "command",
    [it for it in COMMANDS if it[0] not in {"preflight", "deploy", "quota"}] + [COMMANDS[-1]],
    ids=" ".join,
)
@pytest.mark.parametrize("state", ["missing", "without outputs"])
def test_stack_that_is_missing_or_half_there_is_not_deployed(
    firehose: Firehose,
    bare_aws: dict[str, str],
    tmp_path: Path,
    command: tuple[str, ...],
    state: str,
) -> None:
    name = "absent" if state == "missing" else f"half{abs(hash(command)) % 10**8}"
    (tmp_path / "other.toml").write_text(f'name = "{name}"\npods = ["EU1"]\n')
    if state != "missing":
        create_stack(bare_aws, name, SICK, {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}})
    report = ("--report", str(tmp_path / "proof.json")) if command == ("verify",) else ()

    ran = firehose(*command, *report, FIREHOSE_DEPLOYMENT=str(tmp_path / "other.toml"))

    if command == ("logs",) and state != "missing":
        assert (ran.returncode, ran.stdout) == (0, ""), "no log group, no errors"
        return
    if command in {("drift",), ("destroy", "--dry-run")} and state != "missing":
        assert ran.returncode == 0, "what there is is as its template says, and can be destroyed"
        return
    assert ran.returncode == 4, ran.stderr
    assert f"Next: cdk deploy {name}-firehose-{SICK}" in ran.stderr
