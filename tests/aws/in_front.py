"""What stands on loopback in front of the embedded AWS, and passes on what it does not answer."""

from __future__ import annotations

from http.client import HTTPConnection
from urllib.parse import parse_qs

from local.account_double import scope_of
from local.loopback_server import LoopbackHandler

_OF_ONE_CONNECTION = {"content-length", "transfer-encoding", "connection"}


class InFront(LoopbackHandler):
    """Takes AWS's calls; `behind` is the URL of who answers the rest."""

    behind: str

    def answer(self) -> None:
        """Answer one call, whatever its method."""
        self.pass_on(self.body())

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def scope(self) -> tuple[str, str]:
        """Say for which region and service a call was signed; empty words for one that was not."""
        return scope_of(self.headers.get("Authorization", ""))

    def operation(self, content: bytes) -> str | None:
        """Name the operation where the protocol does; a call in REST has a path instead."""
        if target := self.headers.get("X-Amz-Target"):
            return str(target.rpartition(".")[2])
        if self.is_query():
            return parse_qs(content.decode())["Action"][0]
        return None

    def is_query(self) -> bool:
        """Whether the call is a form, which is answered in XML."""
        return "x-www-form-urlencoded" in self.headers.get("Content-Type", "")

    def pass_on(self, content: bytes) -> None:
        behind = HTTPConnection(self.behind.removeprefix("http://"))
        try:
            behind.request(self.command, self.path, content, dict(self.headers.items()))
            response = behind.getresponse()
            headers = {
                name: value
                for name, value in response.headers.items()
                if name.lower() not in _OF_ONE_CONNECTION
            }
            self.send(response.status, headers, response.read())
        except OSError:  # either side has hung up, which is no more than that to the other
            self.close_connection = True
        finally:
            behind.close()
