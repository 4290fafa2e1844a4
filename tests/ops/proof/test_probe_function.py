"""The function that measures inside a region: what it may do, and that it is gone afterwards."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import pytest

from console.exit_codes import CommandError
from ops.proof import probe_function as module
from ops.proof.probe_function import package, probe_function
from tests.aws.roles import RoleState
from tests.aws.service import exception_class
from tests.aws.session import FakeSession

NAME = "acme-firehose-probe-eu-central-1"
ARN = "arn:aws:lambda:eu-central-1:111122223333:function:acme-firehose:production"


@pytest.fixture
def aws() -> FakeSession:
    return FakeSession("eu-central-1")


def left(aws: FakeSession) -> tuple[set[str], set[str]]:
    return set(aws.functions.created), set(aws.iam.roles)


def make(aws: FakeSession, *invokes: str, stop: Event | None = None) -> None:
    with probe_function(aws.as_session(), "acme", invokes=invokes, stop=stop or Event()) as name:
        assert name == NAME
        assert left(aws) == ({NAME}, {NAME})
        (trust,) = aws.iam.roles[NAME].trust["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_it_may_invoke_the_alias_and_nothing_else_and_is_gone_afterwards(aws: FakeSession) -> None:
    make(aws, ARN)

    assert left(aws) == (set(), set())
    assert aws.iam.allowed == [
        {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": [ARN]}
    ]


def test_for_a_url_it_may_do_nothing_at_all(aws: FakeSession) -> None:
    make(aws)

    assert aws.iam.allowed == []
    assert left(aws) == (set(), set())


def test_role_that_lambda_does_not_know_yet_is_waited_for(
    aws: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAUSE_SECONDS", 0.0)
    aws.functions.unknown_roles = 3

    make(aws, ARN)

    assert aws.functions.calls.count("create_function") == 4


def test_nothing_is_left_when_it_cannot_be_made(aws: FakeSession) -> None:
    aws.functions.unknown_roles = 99
    stop = Event()
    stop.set()

    with pytest.raises(exception_class("InvalidParameterValueException")):
        make(aws, ARN, stop=stop)

    assert left(aws) == (set(), set())


def test_nothing_is_left_when_measuring_fails(aws: FakeSession) -> None:
    with (
        pytest.raises(RuntimeError, match="boom"),
        probe_function(aws.as_session(), "acme", invokes=[ARN], stop=Event()),
    ):
        raise RuntimeError("boom")

    assert left(aws) == (set(), set())


def test_somebody_who_measures_now_is_left_alone(aws: FakeSession) -> None:
    aws.iam.roles[NAME] = RoleState({})

    with pytest.raises(CommandError, match="somebody measures from there now"):
        make(aws, ARN)

    assert left(aws) == (set(), {NAME})


def test_what_a_killed_run_left_is_removed(
    aws: FakeSession, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.iam.roles[NAME] = RoleState({}, made=datetime.now(UTC) - timedelta(hours=1))
    aws.functions.created[NAME] = lambda _event, _context: None

    make(aws, ARN)

    assert left(aws) == (set(), set())
    assert "was left behind by a run that was killed" in capsys.readouterr().err


def test_what_cannot_be_removed_is_named_with_its_commands(
    aws: FakeSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise exception_class("AccessDeniedException")("AccessDeniedException")

    monkeypatch.setattr(aws.functions, "delete_function", refuse)

    with pytest.raises(CommandError, match=f"aws iam delete-role --role-name {NAME}") as caught:
        make(aws, ARN)
    assert f"--function-name {NAME} --region {aws.region_name};" in str(caught.value)
    assert left(aws) == ({NAME}, set()), "the role is gone all the same"


def test_package_is_whole_small_and_the_same_each_time(tmp_path: Path) -> None:
    file = tmp_path / "probe.zip"
    file.write_bytes(package())
    program = "import sys; sys.path.insert(0, sys.argv[1]); from probe.in_region import handler"

    subprocess.run([sys.executable, "-I", "-S", "-c", program, str(file)], cwd=tmp_path, check=True)
    assert package() == file.read_bytes()
    assert len(package()) < 20_000
