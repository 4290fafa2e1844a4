"""A service of AWS on loopback: remembers what it was sent, and answers what a test wants."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager

from local.loopback_server import LoopbackHandler, LoopbackServer


class Aws(LoopbackServer):
    """Remembers requests: path, headers by lower name, body. Its last answer is given for ever."""

    def __init__(self, answers: Sequence[tuple[int, bytes]]) -> None:
        super().__init__(_Call)
        self.answers = answers
        self.requests: list[tuple[str, dict[str, str], bytes]] = []


class _Call(LoopbackHandler):
    server: Aws

    def answer(self) -> None:
        aws = self.server
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        aws.requests.append((self.path, headers, body))
        status, answer = aws.answers[min(len(aws.requests), len(aws.answers)) - 1]
        self.send(status, {}, answer)


def served(*answers: tuple[int, bytes]) -> AbstractContextManager[Aws]:
    """Give the answers in turn for the length of a block; without any, an empty one."""
    return Aws(answers or [(200, b"{}")]).running()
