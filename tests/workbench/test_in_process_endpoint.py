"""The integration in this process: the function's environment, no network, the worker's outcome."""

from __future__ import annotations

import json
import math
import os
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from console.exit_codes import CommandError
from endpoint.answering import ProcessingError
from endpoint.circuit import FEWEST_CALLS
from firehose import InvalidMessage
from local.function_environment import led_to
from local.service_calls import BEHAVIOURS, always
from local.stand_in import StandIn, stand_in
from plan.region_plan import RegionPlan
from tests.workbench.partner_code import importable, message, message_of, planned
from workbench.in_process_endpoint import InProcessEndpoint, in_environment
from workbench.in_process_worker import line_of_endpoint
from workbench.network_guard import ConnectionRefusedHere, loopback_only
from workbench.pace import AS_DEPLOYED, Pace, SkippingClock

CALLS_ITS_API = """
    URL = os.environ["ACME_URL"]  # read while the code is loaded, as many do

    def process_event_processing_request(self, request):
        post(f"{self.URL}/events", b"{}")
        return super().process_event_processing_request(request)

    def process_audience_membership_change_request(self, request):
        status = post(f"{self.URL}/audiences", b"{}")
        if status == 401:
            raise InvalidCredentials("no")
        if status >= 400:
            raise RetryableError("later", retry_after_seconds=60)
        return super().process_audience_membership_change_request(request)
"""
ACME_URL = {"ACME_URL": "https://api.acme.example/v1"}


def waiting(endpoint: InProcessEndpoint) -> int:
    """Count what has not been delivered; dead letters do not count."""
    return len(endpoint.worker.waiting) if endpoint.worker else 0


@contextmanager
def in_process(
    plan: RegionPlan, *, service_url: str, pace: Pace = AS_DEPLOYED
) -> Iterator[InProcessEndpoint]:
    environment = led_to(service_url, plan.function.environment)
    with in_environment(plan, environment, leaves_machine=False, pace=pace) as endpoint:
        yield endpoint


@pytest.fixture
def service() -> Iterator[StandIn]:
    with stand_in(always("ok")) as running:
        yield running


def test_urls_of_the_environment_lead_to_the_service_and_keep_their_path(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(
        importable(tmp_path, CALLS_ITS_API, monkeypatch, name="leads"), environment=ACME_URL
    )

    with in_process(plan, service_url=service.url) as endpoint:
        answer = endpoint.answer(message("event_processing_request"))

    assert answer["id"] == message_of("event_processing_request")["id"]
    assert [call.path for call in service.received] == ["/v1/events"]
    assert endpoint.refused_hosts == []


def test_every_url_in_a_value_is_led_to_the_service() -> None:
    values = {
        "ONE": "HTTPS://user:pass@api.acme.example:8443/v1?x=1",
        "LIST": "https://a.example,https://b.example/x",
        "JSON": '{"url": "https://c.example"}',
        "NAME": "acme",
    }

    assert led_to("http://127.0.0.1:9", values) == {
        "ONE": "http://127.0.0.1:9/v1?x=1",
        "LIST": "http://127.0.0.1:9,http://127.0.0.1:9/x",
        "JSON": '{"url": "http://127.0.0.1:9"}',
        "NAME": "acme",
    }


def test_integration_sees_the_plan_and_no_credential_of_the_shell(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("ACME_URL", "https://of-the-shell.example")
    hooks = """
        def process_event_processing_request(self, request):
            self.seen = dict(os.environ)
            return super().process_event_processing_request(request)
    """
    name = importable(tmp_path, hooks, monkeypatch, name="sees")
    before = dict(os.environ)

    with in_process(planned(name, environment={"MODE": "eu"}), service_url=service.url) as endpoint:
        endpoint.answer(message("event_processing_request"))
        seen = vars(endpoint.integration)["seen"]

    assert (seen["MODE"], seen["AWS_REGION"]) == ("eu", "eu-central-1")
    assert seen["FIREHOSE_INTEGRATION"] == name
    assert {"AWS_SECRET_ACCESS_KEY", "ACME_URL"}.isdisjoint(seen)
    assert dict(os.environ) == before
    assert "sees" not in sys.modules


def test_connection_to_another_machine_is_refused_by_name_even_if_the_integration_hides_it(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            try:
                urllib.request.urlopen("http://api.acme.example/x", timeout=1)
            except OSError:
                pass
            return super().process_event_processing_request(request)
    """
    plan = planned(importable(tmp_path, hooks, monkeypatch, name="hides"))

    with in_process(plan, service_url=service.url) as endpoint:
        endpoint.answer(message("event_processing_request"))

    assert endpoint.refused_hosts == ["api.acme.example"]


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_guard_refuses_addresses_and_ends_with_its_block(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as datagrams:
        with loopback_only() as refused, pytest.raises(ConnectionRefusedHere, match=address[0]):
            datagrams.connect(address)
        assert refused == [address[0]]
        with loopback_only() as refused:
            datagrams.close()
        assert refused == []


def test_queued_message_is_acknowledged_at_once_and_delivered_by_the_worker(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(
        importable(tmp_path, CALLS_ITS_API, monkeypatch, name="queues"), environment=ACME_URL
    )

    with in_process(plan, service_url=service.url) as endpoint:
        answer = endpoint.answer(message("audience_membership_change_request"))
        assert (answer["type"], len(service.received)) == (
            "audience_membership_change_response",
            0,
        )
        assert waiting(endpoint) == 1
        (delivered,) = endpoint.deliver()

    assert (delivered.outcome, delivered.attempt, delivered.wait_seconds) == ("delivered", 1, 0)
    assert delivered.message_id == message_of("audience_membership_change_request")["id"]
    assert [call.path for call in service.received] == ["/v1/audiences"]
    assert waiting(endpoint) == 0


def test_delivery_that_fails_for_now_waits_and_comes_again(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(
        importable(tmp_path, CALLS_ITS_API, monkeypatch, name="comes_again"), environment=ACME_URL
    )
    service.choose = always("error")

    with in_process(plan, service_url=service.url) as endpoint:
        endpoint.answer(message("audience_membership_change_request"))
        first = endpoint.deliver()
        service.choose = always("ok")
        second = endpoint.deliver()

    assert [(it.outcome, it.error, it.wait_seconds) for it in first] == [
        ("retried", "RetryableError", 60)
    ]
    assert [(it.outcome, it.attempt) for it in second] == [("delivered", 2)]


def test_rejected_credentials_behind_the_queue_are_a_dead_letter(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(
        importable(tmp_path, CALLS_ITS_API, monkeypatch, name="rejects"), environment=ACME_URL
    )
    service.choose = lambda _call: BEHAVIOURS["unauthorized"]

    with in_process(plan, service_url=service.url) as endpoint:
        endpoint.answer(message("audience_membership_change_request"))
        (delivered,) = endpoint.deliver()

    assert (delivered.outcome, delivered.error) == ("rejected", "InvalidCredentials")
    assert endpoint.worker
    assert [letter.reason for letter in endpoint.worker.dead_letters] == ["InvalidCredentials"]


def test_message_is_given_up_after_the_planned_tries(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = importable(tmp_path, CALLS_ITS_API, monkeypatch, name="gives_up")
    plan = planned(name, environment=ACME_URL, worker={"attempts": 3})
    service.choose = always("error")

    with in_process(plan, service_url=service.url) as endpoint:
        endpoint.answer(message("audience_membership_change_request"))
        outcomes = [it.outcome for _ in range(4) for it in endpoint.deliver()]

    assert outcomes == ["retried", "retried", "dead"]


def test_what_the_function_writes_is_its_log_and_nothing_reaches_the_terminal(
    service: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            print("from the partner")
            logging.getLogger("acme").warning("logged by the partner")
            return super().process_event_processing_request(request)
    """
    plan = planned(importable(tmp_path, hooks, monkeypatch, name="prints"))

    with in_process(plan, service_url=service.url) as endpoint:
        endpoint.answer(message("event_processing_request"))

    assert endpoint.log.lines[:2] == ["from the partner", "logged by the partner"]
    assert json.loads(endpoint.log.lines[2])["outcome"] == "answered"
    assert capsys.readouterr() == ("", "")


def test_integration_is_told_how_long_it_may_work(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            self.left = remaining_seconds()
            return super().process_event_processing_request(request)
    """
    name = importable(tmp_path, hooks, monkeypatch, name="is_told")

    plan = planned(name, function={"timeout_seconds": 3}, processing={"events": "inline"})
    with in_process(plan, service_url=service.url) as it:
        it.answer(message("event_processing_request"))
        left = vars(it.integration)["left"]

    assert 0 < left <= 3


def test_what_the_integration_keeps_is_closed_with_the_block(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        is_closed = False

        def close(self):
            self.is_closed = True
    """
    plan = planned(importable(tmp_path, hooks, monkeypatch, name="closes"))

    with in_process(plan, service_url=service.url) as endpoint:
        integration = endpoint.integration
        assert not vars(integration).get("is_closed")

    assert vars(integration)["is_closed"]


def test_close_that_fails_is_told_with_its_line(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def close(self):
            raise OSError("it was closed before")
    """
    plan = planned(importable(tmp_path, hooks, monkeypatch, name="unclosable"))

    with (
        pytest.raises(CommandError, match=r"unclosable.py(.|\n)*it was closed before\nNext: "),
        in_process(plan, service_url=service.url),
    ):
        pass


def test_failures_are_those_of_the_endpoint(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            raise ValueError("canary@example.com")
    """
    name = importable(tmp_path, hooks, monkeypatch, name="fails")
    plan = planned(name, processing={"events": "inline"})

    with in_process(plan, service_url=service.url) as endpoint:
        with pytest.raises(ProcessingError, match="ValueError") as raised:
            endpoint.answer(message("event_processing_request"))
        with pytest.raises(InvalidMessage):
            endpoint.answer(b"{}")

    assert "canary" not in str(raised.value)


def test_what_fails_for_now_overflows_is_acknowledged_and_delivered_by_the_worker(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        tries = 0

        def process_event_processing_request(self, request):
            self.tries += 1
            if self.tries == 1:
                raise RetryableError("not now")
            return super().process_event_processing_request(request)
    """
    plan = planned(importable(tmp_path, hooks, monkeypatch, name="overflows"))

    with in_process(plan, service_url=service.url) as endpoint:
        answer = endpoint.answer(message("event_processing_request"))
        tries = endpoint.deliver()

    assert answer["id"] == message_of("event_processing_request")["id"]
    assert [(it.outcome, it.attempt) for it in tries] == [("delivered", 1)]


def test_budget_of_the_transport_ends_inline_work_and_what_is_left_behind_ends_later(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            self.left = remaining_seconds()
            self.go_on.wait(5)
            return super().process_event_processing_request(request)
    """
    name = importable(tmp_path, hooks, monkeypatch, name="dawdles")
    plan = planned(name, transports=["https"], https={"overflow_ms": 30})
    go_on = threading.Event()

    with in_process(plan, service_url=service.url) as endpoint:
        vars(endpoint.integration)["go_on"] = go_on
        endpoint.answer(message("event_processing_request"))
        left_waiting = waiting(endpoint)
        go_on.set()
        assert endpoint.settle()
        left = vars(endpoint.integration)["left"]
        logged = [line_of_endpoint(line).get("outcome") for line in endpoint.log.lines]

    assert left_waiting == 1
    assert 0 < left <= 0.03
    assert logged == ["overflowed", "late"]


@pytest.mark.parametrize(
    ("transports", "more_than_ms", "budget_ms"),
    [(["https"], -math.inf, 30), (["https", "lambda"], 30, 90), (["lambda"], 30, 90)],
)
def test_function_works_by_the_budget_of_the_lambda_transport_where_it_is_planned(
    service: StandIn,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    transports: list[str],
    more_than_ms: float,
    budget_ms: int,
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            self.left = remaining_seconds()
            return super().process_event_processing_request(request)
    """
    name = importable(tmp_path, hooks, monkeypatch, name="budgeted")
    plan = planned(
        name,
        transports=transports,
        https={"overflow_ms": 30},
        processing={"overflow_ms": 90},
    )

    with in_process(plan, service_url=service.url) as endpoint:
        endpoint.answer(message("event_processing_request"))
        endpoint.settle()
        left = vars(endpoint.integration)["left"]

    assert more_than_ms < left * 1000 <= budget_ms


def test_open_circuit_sends_messages_to_the_queue_untried_until_its_time_by_the_clock_has_come(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = planned(
        importable(tmp_path, CALLS_ITS_API, monkeypatch, name="circuit"), environment=ACME_URL
    )
    clock = SkippingClock()
    service.choose = always("error")

    with in_process(plan, service_url=service.url, pace=Pace(now=clock.now)) as endpoint:
        assert endpoint.worker
        for _ in range(FEWEST_CALLS):
            endpoint.answer(message("audience_membership_change_request"))
        assert len(endpoint.deliver()) == FEWEST_CALLS
        held = endpoint.deliver()
        due = endpoint.worker.next_due
        assert due
        clock.skip_to(due)
        probed = endpoint.deliver(due_only=True)

    assert held == []
    assert [it.outcome for it in probed] == ["retried"]


def test_integration_that_is_not_there_and_another_artifact_are_told(
    service: StandIn, tmp_path: Path
) -> None:
    jar = tmp_path / "acme.jar"
    jar.touch()
    artifact = planned(code={"path": str(jar), "runtime": "java25", "handler": "a.B::c"})

    with (
        pytest.raises(CommandError, match="no module nowhere"),
        in_process(planned("nowhere:Acme"), service_url=service.url),
    ):
        pass
    with (
        pytest.raises(CommandError, match="Next: firehose contract runs a jar"),
        in_process(artifact, service_url=service.url),
    ):
        pass


def test_code_that_ends_the_process_while_it_is_loaded_is_told_with_its_line(
    service: StandIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = importable(tmp_path, 'raise SystemExit("no settings")', monkeypatch, name="ends")

    with (
        pytest.raises(CommandError, match=r"(?s)ends\.py.*SystemExit: no settings"),
        in_process(planned(name), service_url=service.url),
    ):
        pass
