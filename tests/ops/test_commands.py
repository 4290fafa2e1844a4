"""The contract of every command: data on stdout, talk on stderr, exit codes, a next step."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.local.documented import records
from tests.running import Firehose, Run

COMMANDS = (
    ("plan",),
    ("build",),
    ("new",),
    ("add",),
    ("try",),
    ("serve",),
    ("verify",),
    ("contract",),
    ("sample",),
    ("handoff",),
    ("registration",),
    ("preflight",),
    ("deploy",),
    ("quota", "request"),
    ("quota", "status"),
    ("quota", "text"),
    ("quota", "recommend"),
    ("token", "keygen"),
    ("token", "import"),
    ("token", "store"),
    ("token", "rotate"),
    ("token", "retire"),
    ("token", "status"),
    ("status",),
    ("rollback",),
    ("redrive",),
    ("tune",),
    ("logs",),
    ("drift",),
    ("destroy",),
    ("local", "up"),
    ("local", "down"),
    ("local", "run"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_help_of_every_command_shows_an_example_of_it(
    firehose: Firehose, command: tuple[str, ...]
) -> None:
    help_text = firehose(*command, "--help", COLUMNS="200").stdout
    (example,) = re.findall(r"Example: (.*?)\s*$", help_text, re.MULTILINE)

    assert f"firehose {' '.join(command)}" in example
    assert shlex.split(example)


def test_bare_command_lists_all_commands(firehose: Firehose) -> None:
    text = firehose().stdout + firehose().stderr

    assert all(command[0] in text for command in COMMANDS)


def test_plan_is_json_on_stdout_and_open_questions_on_stderr(firehose: Firehose) -> None:
    result = firehose("plan", "--format", "json")

    assert result.returncode == 0
    plans = json.loads(result.stdout)
    assert [plan["region"] for plan in plans] == ["us-east-1", "eu-central-1", "ap-southeast-2"]
    assert plans[0]["pods"] == ["US1", "US2"]
    assert plans[1]["unconfirmed"] == ["583371261087"]
    assert "eu-central-1: ask mParticle whether account 583371261087" in result.stderr


@pytest.mark.parametrize("command", ["plan", "plan --capacity", "registration --findings"], ids=str)
def test_json_has_the_documented_keys(
    firehose: Firehose, refused: dict[str, str], command: str
) -> None:
    result = firehose(*command.split(), "--format", "json", **refused)

    assert records(command, result.stdout)


def test_plan_says_loudly_what_the_measured_limits_leave_out(
    firehose: Firehose, tmp_path: Path
) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\npods = ["EU1"]\n')
    (tmp_path / "deployment.limits.toml").write_text(
        "[regions.eu-central-1]\nmeasured_on = 2026-11-02\nconcurrent_executions = 1000\n"
        "unreserved = 1000\n"
    )

    result = firehose("plan", "--format", "json", "--deployment", str(file))

    (plan,) = json.loads(result.stdout)
    assert (plan["reserved"], plan["left_out"]) == (None, ["function.reserved_concurrency"])
    assert "eu-central-1: LEFT OUT: function.reserved_concurrency = 1000" in result.stderr
    assert "Next: ask AWS for at least 1100" in result.stderr


def test_bad_limits_file_is_wrong_usage_with_its_problems(
    firehose: Firehose, tmp_path: Path
) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n')
    (tmp_path / "deployment.limits.toml").write_text("[regions.eu-central-1]\nunreserved = -1\n")

    result = firehose("plan", "--deployment", str(file))

    assert (result.returncode, result.stdout) == (2, "")
    assert "deployment.limits.toml cannot be used" in result.stderr
    assert "regions.eu-central-1.unreserved: found -1" in result.stderr
    assert "Traceback" not in result.stderr


def test_plan_with_a_region_shows_that_region_alone(firehose: Firehose) -> None:
    result = firehose("plan", "--format", "json", "--region", "eu-central-1")

    assert [plan["stack"] for plan in json.loads(result.stdout)] == ["acme-firehose-eu-central-1"]


def test_unknown_region_is_wrong_usage_and_names_the_planned_ones(firehose: Firehose) -> None:
    result = firehose("plan", "--region", "eu-west-1")

    assert (result.returncode, result.stdout) == (2, "")
    assert "found eu-west-1" in result.stderr
    assert result.stderr.splitlines()[-1] == (
        "Next: choose from us-east-1, eu-central-1, ap-southeast-2"
    )


@pytest.mark.parametrize("command", ["plan", "registration", "status", "destroy"])
def test_bad_deployment_file_is_wrong_usage_with_its_problems(
    firehose: Firehose, tmp_path: Path, command: str
) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('name = "A"\n[function]\nmemory_mb = 1\n')

    result = firehose(command, FIREHOSE_DEPLOYMENT=str(file))

    assert (result.returncode, result.stdout) == (2, "")
    assert "name: found" in result.stderr
    assert "function.memory_mb: found 1" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Next: ")
    assert "Traceback" not in result.stderr


def test_unknown_target_is_wrong_usage(firehose: Firehose) -> None:
    result = firehose("plan", FIREHOSE_TARGET="moon")

    assert result.returncode == 2
    assert "found 'moon'; allowed: aws, local" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    "command",
    [
        ("verify",),
        ("handoff",),
        ("status",),
        ("rollback",),
        ("redrive",),
        ("logs",),
        ("logs", "--follow", "--since", "5m"),
        ("drift",),
        ("destroy",),
        ("preflight",),
        ("deploy",),
        ("quota", "request"),
        ("quota", "status", "--wait"),
        ("quota", "recommend"),
    ],
    ids=" ".join,
)
def test_no_credentials_is_told_for_every_region(
    firehose: Firehose, command: tuple[str, ...]
) -> None:
    result = firehose(*command)

    assert result.returncode == 3
    for region in ("us-east-1", "eu-central-1", "ap-southeast-2"):
        assert f"{region}: no usable AWS credentials" in result.stderr
    assert "Next: set AWS_PROFILE" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", ["keygen", "import", "store", "rotate", "retire", "status"])
def test_token_without_credentials_is_told(run: Run, tmp_path: Path, command: str) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\npods = ["EU1"]\ntransports = ["https"]\n')

    result = run(
        "token", command, environment={"FIREHOSE_DEPLOYMENT": str(file)}, given=b"canary-token"
    )

    assert result.returncode == 3
    assert "eu-central-1: no usable AWS credentials" in result.stderr
    assert "canary" not in result.stderr + result.stdout


def test_unreachable_aws_is_told_with_the_region(firehose: Firehose) -> None:
    result = firehose(
        "handoff",
        "--region",
        "eu-central-1",
        AWS_ENDPOINT_URL="http://127.0.0.1:9",
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="canary-secret-key",
    )

    assert result.returncode == 1
    assert "eu-central-1: AWS cannot be reached" in result.stderr
    assert "canary-secret-key" not in result.stderr


def test_build_of_another_artifact_has_nothing_to_do(firehose: Firehose, tmp_path: Path) -> None:
    (tmp_path / "acme.jar").write_bytes(b"jar")
    file = tmp_path / "deployment.toml"
    file.write_text(
        f'name = "acme"\n[code]\npath = {json.dumps(str(tmp_path / "acme.jar"))}\n'
        'runtime = "java25"\nhandler = "com.acme.Endpoint::handle"\n'
    )

    result = firehose("build", "--deployment", str(file))

    assert result.returncode == 0
    assert "Nothing to build" in result.stderr
