"""The environment contract: the variables that the stacks write, by name and form."""

from __future__ import annotations

import msgspec.structs
import pytest

from endpoint.sampling import Sampling
from endpoint.settings import Settings, WorkerSettings

FULL = Settings(
    integration="acme:Acme",
    queued=("audiences", "dsr"),
    overflowing=("events", "dsr"),
    overflow_ms=120,
    queue_url="https://queue",
    token_secret="arn:secret",
    logs=Sampling(share=0.5),
)
FULL_ENVIRONMENT = {
    "FIREHOSE_INTEGRATION": "acme:Acme",
    "FIREHOSE_LOG_SAMPLE": "0.5",
    "FIREHOSE_QUEUED": "audiences,dsr",
    "FIREHOSE_OVERFLOWING": "events,dsr",
    "FIREHOSE_OVERFLOW_MS": "120",
    "FIREHOSE_QUEUE_URL": "https://queue",
    "FIREHOSE_TOKEN_SECRET": "arn:secret",
}
WORKER = WorkerSettings(
    integration="acme:Acme",
    queue_url="https://queue",
    dead_letter_queue_url="https://dead",
    parallel=5,
    attempts=3,
    max_receives=4,
)
WORKER_ENVIRONMENT = {
    "FIREHOSE_INTEGRATION": "acme:Acme",
    "FIREHOSE_QUEUE_URL": "https://queue",
    "FIREHOSE_DEAD_LETTER_QUEUE_URL": "https://dead",
    "FIREHOSE_PARALLEL": "5",
    "FIREHOSE_ATTEMPTS": "3",
    "FIREHOSE_MAX_RECEIVES": "4",
}
REMEMBERING = msgspec.structs.replace(
    WORKER, delivered_table="delivered", claim_seconds=90, logs=Sampling(share=0)
)
REMEMBERING_ENVIRONMENT = WORKER_ENVIRONMENT | {
    "FIREHOSE_DELIVERED_TABLE": "delivered",
    "FIREHOSE_CLAIM_SECONDS": "90",
    "FIREHOSE_LOG_SAMPLE": "0",
}


@pytest.mark.parametrize(
    ("settings", "environment"),
    [
        (Settings(integration="acme:Acme"), {"FIREHOSE_INTEGRATION": "acme:Acme"}),
        (FULL, FULL_ENVIRONMENT),
        (WORKER, WORKER_ENVIRONMENT),
        (REMEMBERING, REMEMBERING_ENVIRONMENT),
    ],
)
def test_settings_are_written_and_read(
    settings: Settings | WorkerSettings, environment: dict[str, str]
) -> None:
    assert settings.to_environment() == environment
    assert type(settings).from_environment(environment) == settings


@pytest.mark.parametrize(
    "missing", ["FIREHOSE_INTEGRATION", "FIREHOSE_OVERFLOW_MS", "FIREHOSE_QUEUE_URL"]
)
def test_variable_that_is_missing_is_named(missing: str) -> None:
    environment = {name: it for name, it in FULL_ENVIRONMENT.items() if name != missing}

    with pytest.raises(LookupError, match=missing):
        Settings.from_environment(environment)


def test_queue_is_used_where_something_is_queued_or_overflows() -> None:
    assert not Settings(integration="a:A").uses_queue
    assert Settings(integration="a:A", queued=("dsr",)).uses_queue
    assert Settings(integration="a:A", overflowing=("dsr",)).uses_queue
