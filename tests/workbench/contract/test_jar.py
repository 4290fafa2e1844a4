"""A jar as it is, held to the contract on this machine: compiled here, and run by `java`."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from console.exit_codes import CommandError
from plan.deployment import Deployment
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS
from probe.endpoint_check import Stage, State
from tests.waiting import until
from workbench.contract.contract_checks import CHECKS, run
from workbench.contract.stage_of_jar import stage_of_jar

pytestmark = [
    pytest.mark.rehearsal,
    pytest.mark.skipif(not shutil.which("javac"), reason="needs javac, to build a jar"),
]
SOURCE = Path(__file__).with_name("java") / "PartnerEndpoint.java"
HANDLER = "PartnerEndpoint::handleRequest"
Planned: TypeAlias = Callable[[str], RegionPlan]


@pytest.fixture(scope="module")
def jar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("jar")
    subprocess.run(["javac", "-d", str(folder), str(SOURCE)], check=True)
    file = folder / "partner.jar"
    with zipfile.ZipFile(file, "w") as archive:
        for compiled in folder.glob("*.class"):
            archive.write(compiled, compiled.name)
    return file


def planned(jar: Path, handler: str) -> RegionPlan:
    deployment = {
        "name": "acme",
        "pods": ["EU1"],
        "code": {"path": str(jar), "runtime": "java17", "handler": handler},
        "function": {"timeout_seconds": 2},
        "environment": {"PARTNER_API_URL": "https://api.acme.example/events"},
    }
    (plan,) = regions(Deployment.model_validate(deployment), AWS)
    return plan


@contextmanager
def staged(jar: Path, handler: str) -> Iterator[Stage]:
    with stage_of_jar(planned(jar, handler), entered={}) as stage:
        yield stage


def test_jar_keeps_the_contract_as_it_is(jar: Path) -> None:
    with staged(jar, HANDLER) as stage:
        outcomes = {it.check.name: it.result for it in run(CHECKS, stage)}

    states = {name: it.state for name, it in outcomes.items()}
    assert not [it for it in outcomes.items() if it[1].state in {State.FAILED, State.SKIPPED}]
    assert {name for name, state in states.items() if state is State.NOT_DEMANDED} == {
        "audience_subscription_request",
        "audience_membership_change_request",
        "audience_membership_change_request_idle",
        "dsr_processing_request",
        "cut_off",
        "registered_hooks",
        "documented_calls",
        "rejected_credentials",
    }
    advised = {name for name, state in states.items() if state is State.ADVICE}
    assert advised <= {"answer_time"}, "only a busy machine may be late"


def test_what_the_handler_logs_is_the_functions_log(jar: Path) -> None:
    with staged(jar, HANDLER) as stage:
        assert stage.read_log
        read = stage.read_log
        # what a process writes arrives when its pipe is read
        assert until(lambda: any("module_registration_request" in line for line in read()))


@pytest.mark.parametrize(
    ("handler", "reason"),
    [
        ("PartnerEndpoint::nothing", "PartnerEndpoint has no nothing(InputStream, OutputStream"),
        ("Nobody", "ClassNotFoundException: Nobody"),
    ],
)
def test_handler_that_cannot_be_called_is_told(jar: Path, handler: str, reason: str) -> None:
    with pytest.raises(CommandError) as told, staged(jar, handler):
        pass

    assert reason in str(told.value)
    assert "Next: name a handler with streams in code.handler" in str(told.value)


def test_java_that_cannot_begin_is_told_with_its_last_words(
    jar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "java"
    old.write_text("#!/bin/sh\necho Unrecognized option\nexit 1\n")
    old.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    with (
        pytest.raises(CommandError, match="java ended, and said last: Unrec"),
        staged(jar, HANDLER),
    ):
        pass


def test_machine_without_java_is_told_before_anything_is_started(
    jar: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CommandError, match="java is not on the PATH"), staged(jar, HANDLER):
        pass


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        ("PartnerEndpoint::dies", "Runtime.ExitError"),
        ("PartnerEndpoint::hangs", "Task timed out after 2.00 seconds"),
    ],
)
def test_function_that_dies_or_hangs_ends_like_lambdas(jar: Path, handler: str, error: str) -> None:
    with staged(jar, handler) as stage:
        for _ in range(2):  # the second finds another process
            answer = stage.endpoint.send({}, message_type="event_processing_request")

            assert answer.died
            assert error in str(answer.error)


def test_no_process_is_left(jar: Path) -> None:
    with staged(jar, HANDLER):
        pass

    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert str(jar) not in listed.stdout
