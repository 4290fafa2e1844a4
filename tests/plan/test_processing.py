"""What is queued, and the numbers of the queue and its worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from endpoint.backoff import wait_seconds
from plan.region_plan import DeliveryPlan
from tests.plan.planning import JAR, planned, problems


def delivery(**choices: Any) -> DeliveryPlan:
    plan = planned(**choices).delivery
    assert plan is not None
    return plan


def test_audiences_and_data_subject_requests_are_queued_unless_chosen_otherwise() -> None:
    assert delivery().queued == ("audiences", "dsr")


def test_events_overflow_into_the_queue_that_the_others_have() -> None:
    assert delivery().overflowing == ("events",)
    assert delivery().overflow_ms == 120
    assert delivery(processing={"events": "inline"}).overflowing == ()


def test_overflow_alone_is_a_queue_if_it_is_chosen() -> None:
    chosen = {"events": "overflow", "audiences": "inline", "dsr": "inline"}

    assert delivery(processing=chosen).overflowing == ("events",)


def test_attempts_outlast_six_hours_without_an_answer() -> None:
    def shortest(least: float, _most: float) -> float:
        return least

    attempts = delivery().attempts
    waits = [wait_seconds(attempt, None, spread=shortest) for attempt in range(1, attempts)]

    assert sum(waits) >= 6 * 3600


def test_families_are_queued_as_chosen() -> None:
    assert delivery(processing={"events": "queued", "dsr": "inline"}).queued == (
        "events",
        "audiences",
    )


def test_nothing_queued_means_no_queue_and_no_worker() -> None:
    inline = {"audiences": "inline", "dsr": "inline"}

    assert planned(processing=inline, queue={"keep": False}).delivery is None


def test_queue_and_worker_stay_when_everything_goes_inline_until_they_are_given_up() -> None:
    kept = delivery(processing={"audiences": "inline", "dsr": "inline"})

    assert (kept.queued, kept.overflowing) == ((), ())
    assert kept.worker.name == "acme-firehose-worker"


def test_another_artifact_is_inline_without_being_told(tmp_path: Path) -> None:
    jar = tmp_path / "acme.jar"
    jar.write_bytes(b"")

    assert planned(code={"path": str(jar), **JAR}).delivery is None


def test_another_artifact_cannot_be_queued(tmp_path: Path) -> None:
    jar = tmp_path / "acme.jar"
    jar.write_bytes(b"")
    text = f"""
        [code]
        path = "{jar}"
        runtime = "{JAR["runtime"]}"
        handler = "{JAR["handler"]}"
        [processing]
        dsr = "queued"
    """

    assert problems(tmp_path, text) == [
        (
            "processing.dsr: found queued; allowed: inline, because the worker runs our package"
            " only and code.path is another artifact"
        )
    ]


def test_worker_is_a_smaller_function_that_runs_the_same_package_and_integration() -> None:
    plan = planned(environment={"PARTNER_API_URL": "https://api.acme.example"})
    assert plan.delivery is not None
    worker = plan.delivery.worker

    assert (worker.name, worker.handler) == ("acme-firehose-worker", "endpoint.worker.handler")
    assert worker.package == plan.function.package
    assert worker.integration == plan.function.integration
    assert worker.environment == plan.function.environment
    assert (worker.memory_mb, worker.timeout_seconds) == (512, 30)
    assert worker.reserved_concurrency == 100


def test_provisioned_concurrency_and_snap_start_are_the_endpoints_alone() -> None:
    worker = delivery(function={"provisioned_concurrency": 5}).worker

    assert (worker.provisioned_concurrency, worker.snap_start) == (0, False)


def test_sqs_moves_a_message_only_long_after_the_worker_gave_it_up() -> None:
    assert delivery(queue={"max_receives": 6}).redrive_receives == 6 + 20


def test_visibility_is_six_times_the_workers_timeout() -> None:
    assert delivery(worker={"timeout_seconds": 20}).visibility_seconds == 120
    assert delivery(queue={"visibility_seconds": 900}).visibility_seconds == 900


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "worker.reserved_concurrency = 20\nworker.maximum_concurrency = 21",
            (
                "worker.maximum_concurrency: found 21; allowed: at most the worker's reserved"
                " concurrency, 20"
            ),
        ),
        (
            "worker.reserved_concurrency = 1\nworker.maximum_concurrency = 2",
            (
                "worker.reserved_concurrency: found 1; allowed: at least 2, the least that AWS"
                " takes as maximum concurrency"
            ),
        ),
        (
            "worker.timeout_seconds = 30\nqueue.visibility_seconds = 179",
            (
                "queue.visibility_seconds: found 179; allowed: at least 6 times"
                " worker.timeout_seconds, 180"
            ),
        ),
        (
            "queue.retention_days = 10\nqueue.dead_letter_retention_days = 9",
            (
                "queue.dead_letter_retention_days: found 9; allowed: at least the queue's"
                " retention_days, 10"
            ),
        ),
        (
            "queue.batch_size = 11",
            "queue.batch_size: found 11; allowed: less than or equal to 10",
        ),
        (
            'processing.audiences = "later"',
            "processing.audiences: found \"later\"; allowed: 'inline', 'overflow' or 'queued'",
        ),
        (
            "processing.overflow_ms = 181",
            "processing.overflow_ms: found 181; allowed: less than or equal to 180",
        ),
        (
            "worker.maximum_concurrency = 1",
            "worker.maximum_concurrency: found 1; allowed: greater than or equal to 2",
        ),
    ],
)
def test_numbers_that_aws_would_refuse_or_that_lose_messages_are_refused(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problems(tmp_path, text) == [problem]


def test_maximum_concurrency_is_free_without_a_reservation() -> None:
    worker = {"reserved_concurrency": "unreserved", "maximum_concurrency": 1000}

    assert delivery(worker=worker).maximum_concurrency == 1000
