"""The embedded AWS: MiniStack as a child process, on loopback, gone with whoever started it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from console.exit_codes import CommandError
from local.account_double import AccountDouble
from local.account_in_front import with_account
from local.loopback_server import LOOPBACK
from plan.names import TARGET_VARIABLE
from plan.target import LOCAL

REAL_CREDENTIALS = ("AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_CONTAINER_CREDENTIALS_FULL_URI")
_START_SECONDS = 60
_LIFELINE = "--lifeline"
_LOG = "log"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedAws:
    """A running embedded AWS: its port on loopback, its process group, its scratch folder."""

    port: int
    group: int
    scratch: Path

    @property
    def url(self) -> str:
        """Where every service of every region answers."""
        return f"http://{LOOPBACK}:{self.port}"

    def environment(self) -> dict[str, str]:
        """Give the variables that point boto3, the CDK CLI and `firehose` at this AWS."""
        return {
            "AWS_ENDPOINT_URL": self.url,
            "AWS_ENDPOINT_URL_S3": self.url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": "us-east-1",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            TARGET_VARIABLE: LOCAL.name,
        }

    def within(self, environment: Mapping[str, str]) -> dict[str, str]:
        """Give an environment in which every tool calls this AWS and no real one."""
        kept = {name: it for name, it in environment.items() if name not in REAL_CREDENTIALS}
        return kept | self.environment()

    def answers(self) -> bool:
        """Whether it is up."""
        try:
            with urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=1) as response:  # noqa: S310 - our own loopback URL
                return bool(response.status == 200)
        except OSError:
            return False

    def stop(self) -> None:
        """End every process of it and remove what it wrote; harmless when it is gone already."""
        any(_group_ends(self.group, ending) for ending in (signal.SIGTERM, signal.SIGKILL))
        shutil.rmtree(self.scratch, ignore_errors=True)


@contextmanager
def embedded_aws() -> Iterator[EmbeddedAws]:
    """Run an embedded AWS for the length of a block; it ends with this process, however that ends.

    Raises `CommandError` with the last lines of its log when it does not come up.
    """
    process, aws = _launch(has_lifeline=True)
    with process:
        try:
            _wait_for(process, aws)
            yield aws
        finally:
            aws.stop()


def start_detached() -> EmbeddedAws:
    """Start an embedded AWS that outlives this process, until somebody calls `stop`.

    Raises `CommandError` as `embedded_aws` does.
    """
    process, aws = _launch(has_lifeline=False)
    try:
        _wait_for(process, aws)
    except BaseException:
        aws.stop()
        raise
    return aws


def _launch(*, has_lifeline: bool) -> tuple[subprocess.Popen[bytes], EmbeddedAws]:
    scratch = Path(tempfile.mkdtemp(prefix="embedded-aws-"))
    port = _free_port()
    lifeline = (_LIFELINE, str(scratch)) if has_lifeline else ()
    with (scratch / _LOG).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - this module, in this Python
            [sys.executable, "-m", "local.embedded_aws", *lifeline],
            stdin=subprocess.PIPE if has_lifeline else subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env={**os.environ, **_server_environment(port, scratch)},
            start_new_session=True,
        )
    return process, EmbeddedAws(port=port, group=process.pid, scratch=scratch)


def _wait_for(process: subprocess.Popen[bytes], aws: EmbeddedAws) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not aws.answers():
        if process.poll() is not None or time.monotonic() > deadline:
            words = (aws.scratch / _LOG).read_text(errors="replace").splitlines()[-5:]
            raise CommandError(
                "\n".join(["The embedded AWS did not start:", *words]),
                next_step="mend what the lines above name, then run the command again",
            )
        time.sleep(0.05)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        return int(listener.getsockname()[1])


def _server_environment(port: int, scratch: Path) -> dict[str, str]:
    return {
        "BIND_HOST": LOOPBACK,  # MiniStack's default is every interface
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",  # a second listener that nobody here uses
        "TMPDIR": str(scratch),
    }


def _group_ends(group: int, ending: signal.Signals, *, seconds: float = 5) -> bool:
    """Signal a process group and tell whether it is gone in time."""
    deadline = time.monotonic() + seconds
    try:
        os.killpg(group, ending)
        while time.monotonic() < deadline:
            with suppress(ChildProcessError):  # another process may have started it
                os.waitpid(group, os.WNOHANG)
            os.killpg(group, 0)
            time.sleep(0.02)
    except ProcessLookupError:
        return True
    return False


def _end_with_the_starter(scratch: str) -> None:
    """End this process group, and what it wrote, once the other end of standard input is closed."""
    sys.stdin.buffer.read()
    shutil.rmtree(scratch, ignore_errors=True)
    os.killpg(os.getpgrp(), signal.SIGKILL)


def _serve() -> None:
    if _LIFELINE in sys.argv:
        threading.Thread(target=_end_with_the_starter, args=sys.argv[2:], daemon=True).start()
    import ministack.app as ministack  # type: ignore[import-untyped]  # noqa: PLC0415 - this process alone serves it

    ministack.app = with_account(ministack.app, AccountDouble())
    sys.argv = ["ministack"]
    ministack.main()


if __name__ == "__main__":
    _serve()
