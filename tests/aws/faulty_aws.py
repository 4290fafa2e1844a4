"""An AWS that fails on demand, in front of the embedded one, which answers the rest."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.loopback_server import LoopbackServer
from tests.aws.in_front import InFront

CANARY = "canary-text-of-aws"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong, and for which calls: none stands for any. `service` is as it signs itself.

    With a `code`, AWS answers that error; with `seconds`, nothing for so long; else it hangs up.
    With `ctrl_c` it answers right, and Ctrl-C is pressed in this process as the call arrives, once.
    The first `spared` calls are answered right.
    """

    region: str | None = None
    service: str | None = None
    operation: str | None = None
    code: str | None = None
    seconds: float = 0.0
    ctrl_c: bool = False
    spared: int = 0

    def meets(self, call: tuple[str, str, str | None]) -> bool:
        wanted = (self.region, self.service, self.operation)
        return all(want in (None, found) for want, found in zip(wanted, call, strict=True))


@dataclass(slots=True)
class FaultyAws:
    """Where it answers, what it does wrong, and every call it got: region, service, operation."""

    url: str = ""
    faults: list[Fault] = field(default_factory=list)
    calls: list[tuple[str, str, str | None]] = field(default_factory=list)

    def fault_of(self, call: tuple[str, str, str | None]) -> Fault | None:
        """Remember a call; give what goes wrong with it."""
        self.calls.append(call)
        return next(
            (
                fault
                for fault in self.faults
                if fault.meets(call) and sum(map(fault.meets, self.calls)) > fault.spared
            ),
            None,
        )


@contextmanager
def faulty_aws(behind: str) -> Iterator[FaultyAws]:
    """Serve for the length of a block; calls that wait are let go at its end."""
    aws, over, target = FaultyAws(), threading.Event(), behind

    class Handler(InFront):
        behind = target

        def answer(self) -> None:
            content = self.body()
            fault = aws.fault_of((*self.scope(), self.operation(content)))
            if fault and fault.ctrl_c:
                aws.faults.remove(fault)
                os.kill(os.getpid(), signal.SIGINT)
            if fault is None or fault.ctrl_c:
                self.pass_on(content)
            elif fault.code:
                self.refuse(fault.code)
            else:
                over.wait(fault.seconds)
                self.close_connection = True

        def refuse(self, code: str) -> None:
            """Answer an error in the protocol of the call."""
            body = (
                f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code>"
                f"<Message>{CANARY}</Message></Error><RequestId>1</RequestId></ErrorResponse>"
                if self.is_query()
                else json.dumps({"__type": code, "message": CANARY})
            )
            self.send(400, {"x-amzn-errortype": code}, body.encode())

    with LoopbackServer(Handler).running() as server:
        aws.url = server.url
        try:
            yield aws
        finally:
            over.set()
