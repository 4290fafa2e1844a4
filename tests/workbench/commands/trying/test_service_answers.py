"""`firehose try`: where calls go, what answers them, and what then becomes of the message."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.service_calls import always
from local.stand_in import stand_in
from tests.workbench.commands.trying.tried import ADDRESS, configure, tried
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import MESSAGES


def test_call_of_a_region_goes_to_the_regions_own_address(
    firehose_here: FirehoseHere, batch: Path
) -> None:
    with Path(os.environ["FIREHOSE_DEPLOYMENT"]).open("a") as file:
        file.write("[regions.eu-central-1.environment]\nACME_URL = 'https://eu.acme.example'\n")

    urls = [
        tried(firehose_here("try", str(batch), "--region", region, "--format", "json"))["calls"][0][
            "url"
        ]
        for region in ("us-east-1", "eu-central-1")
    ]

    assert urls == ["https://api.acme.example/v1/events", "https://eu.acme.example/events"]


@pytest.mark.parametrize(
    ("options", "worker", "error", "seconds"),
    [
        ((), "delivered", None, 0),
        (("--answer", "401"), "rejected", "InvalidCredentials", 0),
        (("--answer", "429"), "retried", "RetryableError", 30),
    ],
)
def test_queued_message_shows_what_the_worker_does_with_an_answer(
    firehose_here: FirehoseHere,
    options: tuple[str, ...],
    worker: str,
    error: str | None,
    seconds: int,
) -> None:
    file = MESSAGES / "dsr_processing_request.json"
    result = firehose_here("try", str(file), *options, "--format", "json")

    trial = tried(result)
    assert result.returncode == 0, "the integration named the failure itself"
    assert trial["response"]["type"] == "dsr_processing_response"
    assert (trial["worker"], trial["worker_error"]) == (worker, error)
    assert trial["worker_retry_seconds"] == seconds


def test_connection_to_another_host_is_refused_with_the_next_step(
    firehose_here: FirehoseHere,
) -> None:
    result = firehose_here("try", str(MESSAGES / "audience_membership_change_request.json"))

    assert result.returncode == 1
    assert "refused: a connection to api.acme.example" in result.stdout
    assert "wanted to reach api.acme.example" in result.stderr
    assert "Next: put the base URL into [environment]" in result.stderr


def test_live_calls_reach_the_service_that_the_environment_names(
    firehose_here: FirehoseHere, batch: Path, tmp_path: Path
) -> None:
    with stand_in(always("ok")) as real:
        file = tmp_path / "deployment.toml"
        file.write_text(file.read_text().replace("https://api.acme.example", real.url))
        trial = tried(firehose_here("try", str(batch), "--live", "--format", "json"))

    assert [call.path for call in real.received] == ["/v1/events"]
    assert ADDRESS in real.received[0].body.decode()
    assert trial["calls"][0]["body"] == {"who": "<email>"}
    assert trial["allocated_kib"] is None, "that would call the real service again"


def test_event_that_fails_for_now_overflows_and_is_tried_by_the_worker(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            if post(os.environ["ACME_URL"], b"{}") == 503:
                raise RetryableError("busy")
            return super().process_event_processing_request(request)
    """
    file = configure(tmp_path, hooks, monkeypatch, name="acme_overflows")
    file.write_text(file.read_text().replace('"inline"', '"overflow"'))
    message = str(MESSAGES / "event_processing_request.json")

    shown = firehose_here("try", message, "--answer", "503")
    trial = tried(firehose_here("try", message, "--answer", "503", "--format", "json"))

    assert "overflowed: RetryableError, so the message was stored" in shown.stdout
    assert "then the worker: retried, RetryableError, again in " in shown.stdout
    assert (trial["overflowed"], trial["worker"]) == ("RetryableError", "retried")
    assert len(trial["calls"]) == 2
    assert trial["response"]["type"] == "event_processing_response"


def test_script_decides_by_path_what_the_service_answers(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    script = tmp_path / "service.toml"
    script.write_text('[[answer]]\npath = "/v1/eras*"\nstatus = 401\nbody = {ok = false}\n')

    result = firehose_here(
        "try",
        str(MESSAGES / "dsr_processing_request.json"),
        *("--script", str(script), "--format", "json"),
    )

    trial = tried(result)
    assert trial["calls"][0]["answer"] == {"status": 401, "body": {"ok": False}}
    assert trial["worker"] == "rejected"
