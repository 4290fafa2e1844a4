"""What AWS's pages and our own say of its limits is what we count with."""

from __future__ import annotations

from plan import quotas
from tests.pages import ROOT, TRANSCRIPT


def test_size_of_a_function_is_limited_as_awss_pages_say() -> None:
    # docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html: 250 MB, unzipped
    assert quotas.LARGEST_PACKAGE_BYTES == 250 * 2**20
    # .../configuration-memory.html: "At 1,769 MB, a function has the equivalent of one vCPU"
    assert quotas.ONE_PROCESSOR_MB == 1_769


def test_quotas_are_asked_for_by_their_codes() -> None:
    asked = TRANSCRIPT.read_text(encoding="utf-8")

    assert f"Concurrent executions ({quotas.LAMBDA_CONCURRENCY_QUOTA}), new value" in asked
    assert f"API Gateway throttle ({quotas.API_RATE_QUOTA}), new value" in asked


def test_queue_holds_in_flight_what_the_runbook_says() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")

    assert f"At {quotas.IN_FLIGHT_MESSAGES:,} the queue gives out no more messages" in runbook
