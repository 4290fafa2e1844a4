"""Ctrl-C while a command is at work: it ends, says what is so, and leaves nothing half done."""

from __future__ import annotations

import os
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from ops.commands import logs
from plan.names import ALIAS
from tests.aws.account_in_front import fake_account
from tests.aws.faulty_aws import Fault, FaultyAws, faulty_aws
from tests.local.documented import records
from tests.local.small_stack import REGIONS, client, create
from tests.running import Firehose

WELL, SICK = REGIONS


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
