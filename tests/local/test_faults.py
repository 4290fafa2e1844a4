"""Every command while AWS fails in one of two regions: a red line there, the other as ever."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

import cloud.regions
from ops.commands import logs
from plan.names import ALIAS
from tests.local.account_fake import fake_account
from tests.local.documented import records
from tests.local.faulty_aws import CANARY, Fault, FaultyAws, faulty_aws
from tests.local.small_stack import REGIONS, client, create, create_stack, publish
from tests.running import Ran, Run

WELL, SICK = REGIONS
SECRET_KEY = "canary-secret-key"
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
Firehose = Callable[..., Ran]


@pytest.fixture(scope="module")
def deployed(bare_aws: dict[str, str]) -> str:
    for region in REGIONS:
        create(bare_aws, "ill", region)
        publish(bare_aws, "ill", region, 2)
    return "ill"


@pytest.fixture
def aws(bare_aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyAws]:
    """Give an AWS that fails on demand, in front of limits of a test's own."""
    monkeypatch.setattr(cloud.regions, "ATTEMPTS", 1)
    with fake_account(bare_aws["AWS_ENDPOINT_URL"]) as account:
        account.concurrency = dict.fromkeys(REGIONS, 50_000)
        with faulty_aws(account.url) as aws:
            yield aws


@pytest.fixture
def firehose(
    run: Run, bare_aws: dict[str, str], aws: FaultyAws, tmp_path: Path, deployed: str
) -> Firehose:
    """Run a command in a folder of its own; what AWS says and its secrets never show."""
    file = tmp_path / "deployment.toml"
    file.write_text(f'name = "{deployed}"\npods = ["US1", "EU1"]\n')
    environment = {
        **bare_aws,
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "FIREHOSE_DEPLOYMENT": str(file),
    }

    def firehose(*arguments: str, **changes: str) -> Ran:
        ran = run(*arguments, environment={**environment, **changes})
        leaked = {word for word in (CANARY, SECRET_KEY, "Traceback") if word in ran.stderr}
        assert not leaked, ran.stderr
        return ran

    return firehose


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
    monkeypatch.setattr(cloud.regions, "READ_SECONDS", 2.0 if what != "never answers" else 1.0)
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


def test_ctrl_c_ends_preflight_at_once_though_a_region_never_answers(
    firehose: Firehose, aws: FaultyAws, tmp_path: Path
) -> None:
    aws.faults = [
        Fault(region=WELL, service="sts", ctrl_c=True),
        Fault(region=SICK, seconds=60),
    ]

    ran = firehose("preflight", FIREHOSE_TARGET="aws")

    assert ran.returncode == 130
    assert ran.stderr.splitlines()[-2:] == ["Stopped before it was done.", "Next: run it again"]
    assert not (tmp_path / "deployment.limits.toml").exists()


def test_ctrl_c_in_a_load_saves_nothing(firehose: Firehose, aws: FaultyAws, tmp_path: Path) -> None:
    report = tmp_path / "proof.json"
    aws.faults = [Fault(region=WELL, service="lambda", ctrl_c=True, spared=30)]

    ran = firehose(
        *("verify", "--latency", "--rate", "10", "--seconds", "20"),
        *("--region", WELL, "--report", str(report)),
    )

    assert ran.returncode == 130
    assert "Stopped; nothing is saved.\nNext: run it again" in ran.stderr
    assert not report.exists()


def test_ctrl_c_ends_following_the_logs(
    firehose: Firehose, aws: FaultyAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logs, "_PAUSE_SECONDS", 0.0)
    aws.faults = [Fault(region=WELL, operation="StartQuery", ctrl_c=True, spared=1)]

    ran = firehose("logs", "--follow", "--region", WELL)

    assert (ran.returncode, ran.stdout) == (0, "")
    assert ran.stderr.splitlines()[-1] == "Stopped following."


def test_ctrl_c_while_stacks_are_deleted_lets_the_deletion_at_hand_end(
    firehose: Firehose, aws: FaultyAws, bare_aws: dict[str, str], tmp_path: Path
) -> None:
    create(bare_aws, "doomed", WELL)
    file = tmp_path / "doomed.toml"
    file.write_text('name = "doomed"\npods = ["US1"]\n')
    aws.faults = [Fault(operation="DeleteStack", ctrl_c=True)]

    ran = firehose("destroy", "--confirm", "doomed", FIREHOSE_DEPLOYMENT=str(file))

    assert "Stopping after the step at hand" in ran.stderr
    assert f"{WELL}: doomed-firehose-{WELL} is gone" in ran.stderr
    assert ran.returncode == 0, ran.stderr


def test_ctrl_c_ends_waiting_for_a_quota_and_shows_how_it_stands(
    firehose: Firehose, bare_aws: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("ops.commands.quota.status"), "PAUSE_SECONDS", 60.0)
    with (
        fake_account(bare_aws["AWS_ENDPOINT_URL"]) as young,
        faulty_aws(young.url) as quotas,
    ):
        url = {"AWS_ENDPOINT_URL_SERVICE_QUOTAS": quotas.url, "AWS_ENDPOINT_URL_LAMBDA": young.url}
        asked = firehose("quota", "request", "--region", WELL, **url)
        assert asked.returncode == 0, asked.stderr
        quotas.faults = [Fault(service="servicequotas", ctrl_c=True, spared=0)]

        ran = firehose("quota", "status", "--wait", "--region", WELL, "--format", "json", **url)

    assert ran.returncode == 130
    assert [row["status"] for row in records("quota status", ran.stdout)] == ["PENDING"]
    assert ran.stderr.splitlines()[-1] == "Next: firehose quota status --wait"


ANSWERING = """
class InvalidMessage(Exception):
    pass

def handler(event, context):
    if not event["type"].endswith("_request") or not isinstance(event.get("events", []), list):
        raise InvalidMessage("no request")
    answer = {**event, "type": event["type"].replace("_request", "_response")}
    for key in set(answer) - {"type", "id", "timestamp_ms", "firehose_version"}:
        del answer[key]
    if answer["type"] == "module_registration_response":
        answer.update(name="Acme", version="1")
    return answer
"""
PRESSING = """#!/bin/sh
if [ "$1" = deploy ]; then kill -INT $PPID; fi
"""


@pytest.fixture
def bootstrapped(bare_aws: dict[str, str]) -> Iterator[None]:
    parameter = "/cdk-bootstrap/hnb659fds/version"
    clients = [client(bare_aws, "ssm", region) for region in REGIONS]
    for ssm in clients:
        ssm.put_parameter(Name=parameter, Value="33", Type="String", Overwrite=True)
    yield
    for ssm in clients:
        ssm.delete_parameter(Name=parameter)


@pytest.mark.usefixtures("bootstrapped")
def test_ctrl_c_ends_a_deployment_after_the_wave_at_hand(
    firehose: Firehose,
    bare_aws: dict[str, str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    create(bare_aws, "pause", WELL, ANSWERING)
    lambda_ = client(bare_aws, "lambda", WELL)
    for account in ("338661164609", "457804467337", "386705975570"):
        lambda_.add_permission(
            FunctionName="pause-firehose",
            Qualifier=ALIAS,
            StatementId=f"Account{account}",
            Action="lambda:InvokeFunction",
            Principal=account,
        )
    (tmp_path / "pause.toml").write_text('name = "pause"\npods = ["US1", "US2", "EU1"]\n')
    (tmp_path / "lambda_src").mkdir()
    cdk = tmp_path / "cdk"
    cdk.write_text(PRESSING)
    cdk.chmod(0o755)
    monkeypatch.chdir(tmp_path)

    ran = firehose(
        *("deploy", "--format", "json"),
        FIREHOSE_DEPLOYMENT="pause.toml",
        PATH=f"{tmp_path}:{os.environ['PATH']}",
    )

    assert ran.returncode == 130, ran.stderr
    rows = records("deploy", ran.stdout)
    assert [(row["region"], row["outcome"]) for row in rows] == [
        (WELL, "deployed"),
        (SICK, "not begun"),
    ]
    assert ran.stderr.splitlines()[-1] == "Next: firehose deploy for the rest"
