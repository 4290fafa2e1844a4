"""`firehose contract` as a person runs it, against an integration in this process."""

from __future__ import annotations

import json
import re
from pathlib import Path
from threading import Event
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from console.progress import steps
from probe.message_checks import MESSAGE_CHECKS
from tests.local.documented import records
from tests.running import ROOT, Firehose
from tests.workbench.conftest import FirehoseHere
from tests.workbench.contract.pretender import right, stage
from tests.workbench.partner_code import importable
from workbench.contract.contract_checks import CHECKS
from workbench.contract.contract_targets import ContractRun

QUICK = ("--check", "event_processing_request", "--check", "dead_service")


@pytest.fixture
def deployment(tmp_path: Path) -> Path:
    return written(tmp_path, "Right")


def written(folder: Path, integration: str) -> Path:
    file = folder / f"{integration}.toml"
    file.write_text(
        'name = "acme"\npods = ["EU1"]\n'
        f'[code]\nintegration = "tests.workbench.contract.partner:{integration}"\n'
        '[environment]\nPARTNER_API_URL = "https://api.acme.example"\n'
    )
    return file


def test_checks_that_pass_are_rows_and_code_0(
    firehose_here: FirehoseHere, deployment: Path, tmp_path: Path
) -> None:
    junit = tmp_path / "junit.xml"

    result = firehose_here(
        *("contract", *QUICK, "--check", "cut_off", "--format", "json"),
        *("--deployment", str(deployment), "--junit", str(junit)),
    )

    assert result.returncode == 0, result.stderr
    rows = records("contract", result.stdout)
    assert [(row["endpoint"], row["check"], row["outcome"]) for row in rows] == [
        ("in-process", "event_processing_request", "passed"),
        ("in-process", "cut_off", "not demanded"),
        ("in-process", "dead_service", "passed"),
    ]
    assert rows[1]["reason"] == "AWS lets nothing but JSON through to a function"
    assert "in-process: lambda: checks: 3 of 3" in result.stderr
    assert result.stderr.splitlines()[-1] == "The contract holds: 2 passed, 1 not demanded."
    assert len(ET.parse(junit).getroot().findall("testsuite/testcase")) == 3  # noqa: S314


def test_check_that_fails_is_code_1_with_the_next_step(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    file = written(tmp_path, "Forgetful")

    result = firehose_here("contract", *QUICK, "--format", "json", "--deployment", str(file))

    assert result.returncode == 1
    outcomes = {row["check"]: row["outcome"] for row in json.loads(result.stdout)}
    assert outcomes == {"event_processing_request": "passed", "dead_service": "failed"}
    assert "in-process: lambda: dead_service: a service that is away" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Next: raise RetryableError")


def test_unknown_check_is_wrong_usage_and_names_the_known_ones(firehose_here: FirehoseHere) -> None:
    result = firehose_here("contract", "--check", "no_such")

    assert (result.returncode, result.stdout) == (2, "")
    assert "found no_such; allowed: module_registration_request, " in result.stderr
    assert result.stderr.splitlines()[-1] == "Next: firehose contract --list"


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--arn", "arn:aws:s3:::bucket"), "which is no ARN of a function"),
        (("--url", "acme.example"), "which is no URL that paths can come after"),
        (("--url", "https://acme.example", "--token", "/no/such"), "/no/such holds no token"),
        (("--settings", "/no/such"), "/no/such cannot be used"),
        (("--url", "https://acme.example", "--log", "/no/such"), "/no/such is no file"),
        (
            ("--url", "https://acme.example", "--service-port", "70000"),
            "70000 is taken, or no port",
        ),
        (("--log", "/no/such"), "--log and --service-port are for --arn and --url"),
    ],
)
def test_what_cannot_be_called_is_wrong_usage(
    firehose_here: FirehoseHere, arguments: tuple[str, ...], complaint: str
) -> None:
    result = firehose_here("contract", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert complaint in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Next: ")
    assert "Traceback" not in result.stderr


def test_host_that_the_integration_was_not_let_through_to_is_told(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    file = written(tmp_path, "Wired")

    result = firehose_here("contract", *QUICK, "--format", "json", "--deployment", str(file))

    assert result.returncode == 1
    assert "The integration wanted to reach api.acme.example, but" in result.stderr
    assert "Next: put the base URL into [environment]" in result.stderr


def test_integration_that_cannot_be_loaded_is_told_with_its_error(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    result = firehose_here("contract", "--deployment", str(written(tmp_path, "Absent")))

    assert result.returncode == 1
    assert "tests.workbench.contract.partner:Absent: " in result.stderr
    assert "Next: mend code.integration in the deployment file" in result.stderr
    assert "Traceback" not in result.stderr


def test_what_is_live_cannot_be_checked_without_credentials(firehose: Firehose) -> None:
    result = firehose("contract", "--target", "deployed", "--format", "json")

    assert (result.returncode, json.loads(result.stdout)) == (3, [])
    assert "ap-southeast-2: no usable AWS credentials" in result.stderr
    assert "Next: set AWS_PROFILE" in result.stderr


def test_ctrl_c_ends_after_the_check_at_hand_and_shows_what_was_run() -> None:
    stop = Event()
    stop.set()

    with steps("checks") as progress:
        work = ContractRun(checks=MESSAGE_CHECKS, entered={}, stop=stop, progress=progress)
        outcomes = work.on([stage(right, "lambda"), stage(right, "https")])

    assert [outcome.check.name for outcome in outcomes] == [MESSAGE_CHECKS[0].name]


def test_one_cause_of_many_failures_is_told_once_without_a_deployment_to_do(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    names = ("event_processing_request", "unknown_field", "repeated_delivery", "response_id")
    chosen = [part for name in names for part in ("--check", name)]

    result = firehose_here("contract", *chosen, "--deployment", str(written(tmp_path, "Broken")))

    assert result.returncode == 1
    (told,) = (line for line in result.stderr.splitlines() if "failed: KeyError" in line)
    assert told.startswith("in-process: lambda: event_processing_request, unknown_field, repeated")
    assert "deploy" not in result.stderr
    assert "The contract does not hold: 3 failed, 1 not demanded." in result.stderr


def test_jar_is_refused_for_the_embedded_aws_with_the_reason(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    jar = tmp_path / "acme.jar"
    jar.touch()
    file = tmp_path / "jar.toml"
    file.write_text(
        'name = "acme"\npods = ["EU1"]\n'
        f'[code]\npath = "{jar}"\nruntime = "java17"\nhandler = "acme.Endpoint::handle"\n'
    )

    result = firehose_here("contract", "--target", "local", "--deployment", str(file))

    assert (result.returncode, result.stdout) == (2, "")
    assert "acme.jar cannot run there: the embedded AWS has no Java" in result.stderr
    assert "Next: firehose contract runs the jar here as it is" in result.stderr


def test_page_of_the_contract_names_checks_that_exist_and_those_that_only_advise() -> None:
    page = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")
    checks = page[page.index("## The checks") : page.index("## The customer")]
    (advice,) = re.findall(r"is \*\*advice\*\*: the checks (.*?), which", checks, re.DOTALL)

    assert set(re.findall(r"`([a-z]+_[a-z_]+)`", checks)) <= {check.name for check in CHECKS}
    assert set(re.findall(r"`(\w+)`", advice)) == {it.name for it in CHECKS if not it.is_demanded}


def test_list_shows_every_check_without_running_any(firehose_here: FirehoseHere) -> None:
    result = firehose_here("contract", "--list", "--format", "json")

    assert result.returncode == 0
    listed: list[dict[str, Any]] = records("contract --list", result.stdout)
    assert [row["check"] for row in listed] == [check.name for check in CHECKS]
    assert {row["check"] for row in listed if not row["demanded"]} == {
        "unknown_event_type",
        "unknown_enum_value",
        "response_id",
    }


def test_bug_that_would_overflow_fails_the_check_and_is_shown_from_its_line_on(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_registration_request(self, request):
            return ModuleRegistrationResponse(
                name="Acme",
                version="1",
                event_processing_registration=EventProcessingRegistration(),
            )

        def process_event_processing_request(self, request):
            raise KeyError("canary-key")
    """
    name = importable(tmp_path, hooks, monkeypatch, name="acme_buggy")
    file = tmp_path / "deployment.toml"
    file.write_text(f'name = "acme"\n[code]\nintegration = "{name}"\n')

    result = firehose_here(
        "contract", "--check", "event_processing_request", "--deployment", str(file)
    )

    assert result.returncode == 1
    assert "the function failed: KeyError" in result.stderr
    assert "acme_buggy.py" in result.stderr
    assert "workbench/" not in result.stderr
