"""The package under AWS's own runtime client, which hands events over and reports errors."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.runtime_api import FunctionError, run
from probe.sample_messages import SampleKind, sample_message

CLIENT = Path(str(getattr(find_spec("awslambdaric"), "origin", None))).parents[1]
ENVIRONMENT = {"FIREHOSE_INTEGRATION": "acme:Acme"}


def test_every_kind_of_message_is_answered_by_one_process(package: Path, partner_url: str) -> None:
    events = [sample_message(kind, seed=1) for kind in SampleKind]
    timing = run(
        "endpoint.direct.handler",
        events,
        folders=[package, CLIENT],
        environment=ENVIRONMENT | {"PARTNER_API_URL": partner_url},
    )

    assert len(timing.calls_ms) == len(events)


def test_failure_is_reported_as_a_function_error_without_the_payload(package: Path) -> None:
    with pytest.raises(FunctionError, match=r"\$\.type: is not a known type") as raised:
        run(
            "endpoint.direct.handler",
            [{"type": "weather", "note": "canary-77aa"}],
            folders=[package, CLIENT],
            environment=ENVIRONMENT,
        )

    assert "canary-77aa" not in str(raised.value)
