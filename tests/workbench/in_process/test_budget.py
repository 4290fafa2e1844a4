"""The integration in this process: how long it may work."""

from __future__ import annotations

import math
import threading

import pytest

from tests.workbench.in_process.conftest import Loaded, waiting
from tests.workbench.partner_code import message
from workbench.in_process_worker import line_of_endpoint

ASKS = """
    def process_event_processing_request(self, request):
        self.left = remaining_seconds()
        return super().process_event_processing_request(request)
"""


def test_integration_is_told_how_long_it_may_work(loaded: Loaded) -> None:
    with loaded(ASKS, function={"timeout_seconds": 3}, processing={"events": "inline"}) as it:
        it.answer(message("event_processing_request"))
        left = vars(it.integration)["left"]

    assert 0 < left <= 3


def test_budget_of_the_transport_ends_inline_work_and_what_is_left_behind_ends_later(
    loaded: Loaded,
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            self.left = remaining_seconds()
            self.go_on.wait(5)
            return super().process_event_processing_request(request)
    """
    go_on = threading.Event()

    with loaded(hooks, transports=["https"], https={"overflow_ms": 30}) as endpoint:
        vars(endpoint.integration)["go_on"] = go_on
        endpoint.answer(message("event_processing_request"))
        stored = waiting(endpoint)
        go_on.set()
        assert endpoint.settle()
        left = vars(endpoint.integration)["left"]
        logged = [line_of_endpoint(line).get("outcome") for line in endpoint.log.lines]

    assert stored == 1
    assert left <= 0.03
    assert logged == ["overflowed", "late"]


@pytest.mark.parametrize(
    ("transports", "more_than_ms", "budget_ms"),
    [(["https"], -math.inf, 10), (["https", "lambda"], 10, 180), (["lambda"], 10, 180)],
)
def test_function_works_by_the_budget_of_the_lambda_transport_where_it_is_planned(
    loaded: Loaded, *, transports: list[str], more_than_ms: float, budget_ms: int
) -> None:
    with loaded(
        ASKS, transports=transports, https={"overflow_ms": 10}, processing={"overflow_ms": 180}
    ) as endpoint:
        endpoint.answer(message("event_processing_request"))
        endpoint.settle()
        left = vars(endpoint.integration)["left"]

    assert more_than_ms < left * 1000 <= budget_ms
