"""How long the packaged endpoint takes to start and to answer, beside a handler that does nothing.

Prints one table; all figures of a table come from one run, in turns. The Python is this one, and
the ratio depends on it: docs/adr/0014. Run it with `make bench`.
"""

from __future__ import annotations

import compileall
import json
import platform
import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import uv
from rich import box
from rich.console import Console
from rich.table import Table

from benchmarks.local_aws import TOKEN, local_aws
from benchmarks.runtime_api import Timing, run
from local.service_calls import always
from local.stand_in import stand_in
from ops.release.package import build_package
from plan.target import LOCAL
from probe.check_requests import request_named

ROOT = Path(__file__).parents[1]
ROUNDS = 15
CALLS = 50
NOTHING = "def handler(event, context):\n    return event\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A handler, where it is, what it is told, and the event that it gets again and again."""

    handler: str
    code: Path
    environment: dict[str, str]
    event: object


def main() -> None:
    """Measure and print."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        local_aws() as aws,
        stand_in(always("ok")) as partner,
    ):
        folder = Path(scratch)
        runtime = runtime_client(folder)
        every = cases(folder, aws, partner.url)
        timings: dict[str, list[Timing]] = {name: [] for name in every}
        for _ in range(ROUNDS):
            for name, case in every.items():
                timings[name].append(
                    run(
                        case.handler,
                        [case.event] * CALLS,
                        folders=[case.code, runtime],
                        environment=case.environment,
                    )
                )
    _print(timings)


def cases(folder: Path, aws: str, partner: str) -> dict[str, Case]:
    """Build the package below a folder; give the cases, by name, with the URLs of both services."""
    package, nothing = _package(folder), folder / "nothing"
    nothing.mkdir()
    (nothing / "nothing.py").write_text(NOTHING)
    batch = request_named("event_processing_request")
    idle = request_named("event_processing_request_idle")
    direct = Case(
        handler="endpoint.direct.handler",
        code=package,
        environment={
            "FIREHOSE_INTEGRATION": "acme:Acme",
            "PARTNER_API_URL": partner,
        },
        event=batch,
    )
    # Over https the certificates of the authorities are read at the start; nothing is called here.
    tls = direct.environment | {"PARTNER_API_URL": "https://api.acme.example"}
    queued = replace(
        direct, environment=direct.environment | _queue(aws) | {"FIREHOSE_QUEUED": "events"}
    )
    overflow = {"FIREHOSE_OVERFLOWING": "events", "FIREHOSE_OVERFLOW_MS": "120"}
    return {
        "nothing": Case(handler="nothing.handler", code=nothing, environment={}, event=batch),
        "direct": direct,
        "direct, idle": replace(direct, event=idle),
        "direct, idle, TLS": replace(direct, event=idle, environment=tls),
        "direct, overflow": replace(
            direct, environment=direct.environment | _queue(aws) | overflow
        ),
        "direct, queued": queued,
        "https, queued": replace(
            queued,
            handler="endpoint.https.handler",
            environment=queued.environment | {"FIREHOSE_TOKEN_SECRET": "token"},
            event={
                "routeKey": "POST /events",
                "headers": {"authorization": f"Token {TOKEN}"},
                "body": json.dumps(batch),
            },
        ),
    }


def _queue(aws: str) -> dict[str, str]:
    return {
        "FIREHOSE_QUEUE_URL": f"{aws}/000000000000/queue",
        "AWS_ENDPOINT_URL": aws,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }


def runtime_client(folder: Path) -> Path:
    """Install AWS's runtime client and SDK alone, compiled as they are on Lambda."""
    target = folder / "runtime"
    lock = ROOT / "requirements-dev.lock"
    pins = re.findall(r"^(?:awslambdaric|botocore)==\S+", lock.read_text(), re.MULTILINE)
    command = [uv.find_uv_bin(), "pip", "install", "--quiet", "--target", str(target), *pins]
    subprocess.run([*command, "--constraints", str(lock)], check=True)
    compileall.compile_dir(target, quiet=1)
    return target


def _package(folder: Path) -> Path:
    """Build the package, with bytecode."""
    build_package(
        ROOT / "lambda_src",
        target=LOCAL,
        runtime="python3.14",
        architecture="arm64",
        root=folder,
    )
    return folder / LOCAL.package


def _print(timings: dict[str, list[Timing]]) -> None:
    starts = {name: median(t.start_ms for t in runs) for name, runs in timings.items()}
    calls = {name: median(c for t in runs for c in t.calls_ms) for name, runs in timings.items()}
    table = Table(box=box.MARKDOWN)
    for heading in ("handler", "start, ms", "x nothing", "call, ms", "more than nothing, ms"):
        table.add_column(heading)
    for name in timings:
        cells: list[Any] = [
            name,
            f"{starts[name]:.0f}",
            f"{starts[name] / starts['nothing']:.2f}",
            f"{calls[name]:.2f}",
            f"{calls[name] - calls['nothing']:.2f}",
        ]
        table.add_row(*cells)
    print(f"Python {platform.python_version()}, {ROUNDS} starts of each.\n")
    Console(width=100).print(table)


if __name__ == "__main__":
    main()
