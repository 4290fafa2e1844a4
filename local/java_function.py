"""A jar's handler as one environment of Lambda: a `java` process behind a Runtime API.

Only handlers with streams, which mParticle's SDK asks for. AWS's own runtime client and emulator
come by Maven and Docker, which nothing else here needs.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from console.exit_codes import CommandError, UsageError
from local.function_environment import FunctionLog
from local.runtime_api import RuntimeApi

_RUNTIME = Path(__file__).with_name("java") / "LambdaRuntime.java"
_START_SECONDS = 60.0
_END_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionAnswer:
    """What AWS would report of a call: the answer, or the function error's type and text."""

    body: bytes = field(repr=False)
    error: str | None = None


class JavaFunction:
    """The process, started when it is needed; `log` has all that it writes.

    What dies or takes too long is started anew by the next call, as in Lambda.
    """

    def __init__(
        self, jar: Path, handler: str, *, seconds: float, variables: Mapping[str, str]
    ) -> None:
        self.log = FunctionLog()
        self._jar = jar
        self._handler = handler
        self._seconds = seconds
        self._variables = variables
        self._turn = threading.Lock()  # one environment handles one call at a time
        self._api: RuntimeApi | None = None
        self._process: subprocess.Popen[str] | None = None

    def invoke(self, payload: bytes) -> FunctionAnswer:
        """Call the handler once. Raises `CommandError` when it cannot be loaded."""
        with self._turn:
            api = self._api if self._api and self._is_alive() else self._started()
            try:
                end = api.invoke(payload, seconds=self._seconds, is_alive=self._is_alive)
            except TimeoutError:
                self.close()
                text = f"Sandbox.Timedout: Task timed out after {self._seconds:.2f} seconds"
                return FunctionAnswer(body=b"", error=text)
        if end is None:
            return FunctionAnswer(body=b"", error="Runtime.ExitError: the process ended")
        return FunctionAnswer(body=end.answer, error=_text(end.answer) if end.is_error else None)

    def close(self) -> None:
        """End the process; the next call starts another."""
        if self._process:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(_END_SECONDS)
            self._process = None
        if self._api:
            self._api.stop()
            self._api = None

    def _started(self) -> RuntimeApi:
        self.close()
        self._api = api = RuntimeApi()
        api.start()
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        own = {"AWS_LAMBDA_RUNTIME_API": api.address, "_HANDLER": self._handler}
        self._process = subprocess.Popen(  # noqa: S603 - java, and the partner's own jar
            [_java(), "-cp", str(self._jar), str(_RUNTIME), self._handler],
            env=kept | dict(self._variables) | own,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C is for the command, which ends the process itself
        )
        reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        reader.start()
        if api.wait_until_ready(seconds=_START_SECONDS, is_alive=self._is_alive):
            return api
        ended = not self._is_alive()
        reader.join(_END_SECONDS if ended else 0)
        self.close()
        raise self._refusal(api.init_error, "ended" if ended else "still starts")

    def _refusal(self, error: bytes | None, state: str) -> CommandError:
        if error:
            reason = _text(error)
            next_step = "name a handler with streams in code.handler: package.Class::method"
        else:
            said = next((line for line in reversed(self.log.lines) if line), "nothing")
            reason = f"java {state}, and said last: {said}"
            next_step = "java has to be a JDK of code.runtime's version"
        return CommandError(
            f"{self._jar}: {self._handler} cannot be loaded: {reason}", next_step=next_step
        )

    def _read(self, output: IO[str]) -> None:
        with output:
            for line in output:
                self.log.write(line)

    def _is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None


@contextmanager
def java_function(
    jar: Path, handler: str, *, seconds: float, variables: Mapping[str, str]
) -> Iterator[JavaFunction]:
    """Give the function for the length of a block; its process ends with it.

    `seconds` is the function's timeout, which loading does not count against. Raises
    `UsageError` where there is no `java`.
    """
    _java()
    function = JavaFunction(jar, handler, seconds=seconds, variables=variables)
    try:
        yield function
    finally:
        function.close()


def _java() -> str:
    found = shutil.which("java")
    if found is None:
        raise UsageError(
            "java is not on the PATH",
            next_step="install a JDK of the function's version, or check what is live with --arn",
        )
    return found


def _text(body: bytes) -> str:
    try:
        error = json.loads(body)
        return f"{error['errorType']}: {error['errorMessage']}"
    except (ValueError, LookupError, TypeError):
        return "without an error"
