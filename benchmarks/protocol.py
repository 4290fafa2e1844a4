"""How fast messages are read, routed and written, beside `json` on the same bytes.

Prints one table of microseconds (the best of several rounds, one process) and the import times.
Takes mParticle's samples if they lie beside the repository, and else the messages of the tests.
"""

# ruff: noqa: D102 — the hooks are described in MessageProcessor
from __future__ import annotations

import gc
import json
import platform
import subprocess
import sys
import timeit
from collections.abc import Callable
from pathlib import Path

import firehose

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT.parent / "shared" / "firehose-sdk-3.2.0" / "examples"
OWN_MESSAGES = ROOT / "tests" / "firehose" / "messages"
ROUNDS = 7
SECONDS_PER_ROUND = 0.04
IMPORT_ROUNDS = 7


class TouchesEverything(firehose.MessageProcessor):
    """An integration that reads something of every item."""

    def __init__(self) -> None:
        self.touched = 0

    def process_registration_request(
        self, request: firehose.ModuleRegistrationRequest
    ) -> firehose.ModuleRegistrationResponse:
        return firehose.ModuleRegistrationResponse(id=request.id, name="Acme", version="1")

    def process_custom_event(self, event: firehose.CustomEvent) -> None:
        self.touched += len(event.attributes) + len(event.request.user_identities)

    def process_product_action_event(self, event: firehose.ProductActionEvent) -> None:
        self.touched += len(event.products)

    def process_gdpr_consent_state_notification(
        self, notification: firehose.GDPRConsentStateNotification
    ) -> None:
        self.touched += bool(notification.new_gdpr_consent_state)

    def process_ccpa_consent_state_notification(
        self, notification: firehose.CCPAConsentStateNotification
    ) -> None:
        self.touched += bool(notification.new_ccpa_consent_state)


def microseconds(action: Callable[[], object]) -> float:
    """Return the time of one call, garbage collection included: the best of several rounds."""
    timer = timeit.Timer(action, setup=gc.enable)
    number = max(1, int(SECONDS_PER_ROUND / timer.timeit(20) * 20))
    return min(timer.repeat(number=number, repeat=ROUNDS)) / number * 1e6


def row(name: str, raw: bytes) -> list[str]:
    """Measure one request in both forms."""
    processor = TouchesEverything()
    parsed = json.loads(raw)
    request = firehose.decode(raw)
    if not isinstance(request, firehose.Request):
        raise TypeError(name)
    response = processor.process(request)

    def from_bytes() -> bytes:
        return firehose.encode(processor.process(_request(firehose.decode(raw))))

    def from_dict() -> dict[str, object]:
        return firehose.to_dict(processor.process(_request(firehose.decode(parsed))))

    odd = json.dumps(parsed | {"x_new_field": 1}).encode()
    times = [
        microseconds(action)
        for action in (
            lambda: firehose.decode(raw),
            lambda: firehose.decode(parsed),
            lambda: processor.process(request),
            lambda: firehose.encode(response),
            from_bytes,
            from_dict,
            lambda: firehose.decode(odd),
            lambda: json.loads(raw),
            lambda: json.dumps(parsed),
        )
    ]
    return [name, f"{len(raw):,}", *(f"{time:.1f}" for time in times)]


def _request(message: firehose.Message) -> firehose.Request:
    return message  # type: ignore[return-value]  # the samples below are all requests


def import_milliseconds(module: str) -> float:
    """Return the time a fresh interpreter takes to import a module: the best of several."""
    script = (
        f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    )
    runs = [
        float(
            subprocess.run([sys.executable, "-c", script], capture_output=True, check=True).stdout
        )
        for _ in range(IMPORT_ROUNDS)
    ]
    return min(runs) * 1000


def main() -> None:
    """Print the table."""
    folder = SAMPLES if SAMPLES.is_dir() else OWN_MESSAGES
    heads = [
        "request", "bytes", "decode bytes", "decode dict", "dispatch", "encode", "**all, bytes**",
        "**all, dict**", "decode, new field", "json.loads", "json.dumps",
    ]  # fmt: skip
    print(f"Microseconds. Python {platform.python_version()}, {platform.system()}.\n")
    print("|", " | ".join(heads), "|")
    print("|", " | ".join(["---"] + ["---:"] * (len(heads) - 1)), "|")
    for path in sorted(folder.glob("*.json")):
        raw = path.read_bytes()
        if json.loads(raw)["type"].endswith("_request"):
            print("|", " | ".join(row(path.stem, raw)), "|")
    ours, theirs = import_milliseconds("firehose"), import_milliseconds("msgspec")
    print(f"\nimport firehose {ours:.0f} ms, import msgspec {theirs:.0f} ms: {ours / theirs:.1f} x")


if __name__ == "__main__":
    main()
