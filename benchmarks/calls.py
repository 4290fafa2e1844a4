"""What it saves to keep clients, and to make one call for each message.

Two tables of milliseconds for one message, medians of rounds in turns. The first calls a service
over TLS on loopback: over a connection that is kept, over a new one each time, and with a new
client each time, which reads the certificates of every authority. The second calls a service that
takes 20 ms: once for a batch of 10 events, or once for each. Run it with
`python -m benchmarks.calls`.
"""

from __future__ import annotations

import os
import ssl
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import trustme
from rich import box
from rich.console import Console
from rich.table import Table

from acme.partner_api import PartnerApi
from benchmarks.partner_service import partner_service
from firehose import Secret
from local.service_calls import always
from local.stand_in import stand_in

ROUNDS = 40
SERVICE_MS = 20
EVENTS = 10
KEY = Secret("benchmark")


def main() -> None:
    """Measure and print."""
    authority = trustme.CA()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(tls)
    with tempfile.TemporaryDirectory() as folder, stand_in(always("ok")) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        _trust(authority, Path(folder) / "trusted.pem")
        url = server.url.replace("http:", "https:")
        kept, unkept = PartnerApi(url), PartnerApi(url)

        def with_new_client() -> None:
            client = PartnerApi(url)
            _send(client)
            client.close()

        def over_new_connection() -> None:
            _send(unkept)
            unkept.close()

        times = _medians(
            {
                "a kept connection": lambda: _send(kept),
                "a new connection each time": over_new_connection,
                "a new client each time": with_new_client,
            }
        )
    _print("over TLS, the service on this machine", times)
    with partner_service(milliseconds=SERVICE_MS) as url:
        api = PartnerApi(url)

        def for_each_event() -> None:
            for _ in range(EVENTS):
                _send(api)

        times = _medians(
            {
                f"one call for {EVENTS} events": lambda: _send(api),
                "a call for each event": for_each_event,
            }
        )
    _print(f"a service that takes {SERVICE_MS} ms", times)


def _trust(authority: trustme.CA, file: Path) -> None:
    """Trust an authority beside all those that this machine trusts, as reading them counts."""
    here = Path(ssl.get_default_verify_paths().cafile or "")
    file.write_bytes((here.read_bytes() if here.is_file() else b"") + authority.cert_pem.bytes())
    os.environ["SSL_CERT_FILE"] = str(file)


def _send(api: PartnerApi) -> None:
    api.send("/events", {"events": ["x" * 300] * EVENTS}, key=KEY, idempotency_key="benchmark")


def _medians(actions: dict[str, Callable[[], object]]) -> dict[str, float]:
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(ROUNDS):
        for name, action in actions.items():
            started = time.perf_counter()
            action()
            times[name].append((time.perf_counter() - started) * 1000)
    return {name: median(found) for name, found in times.items()}


def _print(title: str, times: dict[str, float]) -> None:
    table = Table(title, "ms", "x the first", box=box.MARKDOWN)
    first = next(iter(times.values()))
    for name, milliseconds in times.items():
        table.add_row(name, f"{milliseconds:.2f}", f"{milliseconds / first:.1f}")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
