"""Messages through a session of the studio: what is seen, what waits, what ends it."""

from __future__ import annotations

import json
import threading
import time
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from endpoint.circuit import FEWEST_CALLS
from local.service_calls import ReceivedCall, always
from tests.waiting import until
from tests.workbench.studio.partner_session import (
    CALLS,
    event_batch,
    outcomes,
    session_over,
)
from workbench.studio.disturbances import Disturbance, Disturbances
from workbench.studio.journey import Journey
from workbench.studio.records import detail_of, row_of

FAILS = Disturbance(status=503)


def test_message_is_seen_with_its_hooks_its_call_and_its_response(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    message_id = str(uuid4())
    with session_over(CALLS, tmp_path, monkeypatch, name="seen") as session:
        detail = detail_of(session.send(event_batch(message_id), way="lambda"))

    (passage,) = detail["passages"]
    (call,) = passage["calls"]
    assert (detail["state"], detail["status"], detail["limit"]) == ("answered", 200, 200)
    assert [it["name"] for it in passage["hooks"]] == ["process_event_processing_request"]
    assert call["url"] == "https://api.acme.example/v1/events"
    assert call["body"] == message_id
    assert detail["response"]["id"] == message_id
    assert 0 <= passage["decoded"] <= call["began"] <= passage["ms"]


@pytest.mark.parametrize(("way", "limit"), [("lambda", 200), ("https", 100)])
def test_each_transport_has_its_limit_and_the_same_calls(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str, limit: int
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name=f"ways_{way}") as session:
        row = row_of(session.send(event_batch(str(uuid4())), way=way))

    assert (row["limit"], row["status"], row["calls"]) == (limit, 200, 1)


def test_what_fails_for_now_waits_until_its_time_is_skipped_and_is_delivered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="waits") as session:
        session.disturbances.replace([FAILS])
        journey = session.send(event_batch(str(uuid4())), way="lambda")
        assert until(lambda: outcomes(journey) == ["retried"])
        due = row_of(journey)["due"]
        assert row_of(journey)["state"] == "retried"
        session.disturbances.replace([])
        session.skip_waits(detail_of(journey)["queued_id"])
        assert until(lambda: outcomes(journey) == ["retried", "delivered"])

    detail = detail_of(journey)
    assert due > time.time() * 1000 + 500_000
    assert [it["by"] for it in detail["passages"]] == ["endpoint", "worker", "worker"]
    assert detail["passages"][0]["outcomes"][0]["outcome"] == "overflowed"
    assert detail["passages"][1]["errors"][0]["class"] == "RetryableError"
    assert detail["passages"][1]["errors"][0]["place"].startswith("lambda_src/waits.py:")


def test_nothing_that_is_secret_is_in_what_the_page_is_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="secret") as session:
        session.disturbances.replace([Disturbance(status=503, body="canary@example.com")])
        journey = session.send(event_batch(str(uuid4())), way="https")
        assert until(lambda: len(journey.tries) == 1)

    shown = json.dumps([detail_of(journey), row_of(journey)])
    assert "<email>" in shown
    assert "canary@example.com" not in shown
    assert "canary-key" not in shown + repr(journey)


def test_circuit_opens_over_a_dead_service_and_messages_go_to_the_queue_untried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="circuit") as session:
        session.disturbances.replace([FAILS])
        sent = [session.send(event_batch(str(uuid4())), way="lambda") for _ in range(FEWEST_CALLS)]
        assert session.stage.circuits["lambda"]
        untried = session.send(event_batch(str(uuid4())), way="lambda")
        first, last = detail_of(sent[0]), detail_of(untried)

    assert first["passages"][0]["outcomes"][0]["outcome"] == "overflowed"
    assert last["passages"][0]["outcomes"][0] == {"outcome": "diverted", "error": "CircuitOpen"}
    assert last["passages"][0]["hooks"] == []


def test_call_of_a_hook_that_was_left_behind_belongs_to_its_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            if request.account.account_id == 1 and remaining_seconds() < 1:  # no worker
                begun.add(request.id)
                gate.wait(5)
            post(os.environ["ACME_URL"] + "/events", request.id.encode())
            return super().process_event_processing_request(request)
    """
    with session_over(hooks, tmp_path, monkeypatch, name="late") as session:
        gate, begun = threading.Event(), set[str]()
        vars(__import__("late")).update(gate=gate, begun=begun)
        # on a busy machine a hook may not begin within its time, and none is left behind
        sent = (session.send(event_batch(str(uuid4()), account=1), way="lambda") for _ in range(20))
        slow = next(it for it in sent if it.request and it.request.id in begun)
        quick = session.send(event_batch(str(uuid4()), account=2), way="lambda")
        gate.set()
        assert until(lambda: len(bodies(slow)) == 2), "the hook's call, and the worker's"

    assert bodies(slow) == [slow.request.id if slow.request else ""] * 2
    assert set(bodies(quick)) == {quick.request.id if quick.request else ""}


def bodies(journey: Journey) -> list[str]:
    return [it.call.body.decode() for them in journey.passages for it in them.exchanges]


def test_another_region_has_its_own_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="regional") as session:
        session.stage.select("eu-central-1")
        detail = detail_of(session.send(event_batch(str(uuid4())), way="lambda"))

    (call,) = detail["passages"][0]["calls"]
    assert call["url"] == "https://eu.api.acme.example/v1/events"


def test_what_is_no_message_is_answered_as_the_endpoint_answers_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with session_over(CALLS, tmp_path, monkeypatch, name="nonsense") as session:
        invoked, posted = (
            detail_of(session.send(b"\xff{", way=way)) for way in ("lambda", "https")
        )

    assert (invoked["state"], invoked["status"], invoked["error"]) == (
        "failed",
        400,
        "InvalidMessage",
    )
    assert (posted["state"], posted["status"]) == ("failed", 400)
    assert invoked["message"] is None


def test_session_ends_with_what_ends_its_delivery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tell(journey: Journey) -> None:
        if journey.tries:
            raise BrokenPipeError("nobody reads")

    with ExitStack() as opened:
        session = opened.enter_context(session_over(CALLS, tmp_path, monkeypatch, name="untold"))
        opened.enter_context(session.journeys.listening(tell))
        session.disturbances.replace([FAILS])
        session.send(event_batch(str(uuid4())), way="lambda")
        assert session.has_ended.wait(60)

        with pytest.raises(BrokenPipeError, match="nobody reads"):
            opened.close()


@pytest.mark.parametrize(
    ("chosen", "path", "statuses"),
    [
        ([], "/events", [200, 200, 200, 200]),
        ([Disturbance(status=500)], "/events", [500, 500, 500, 500]),
        ([Disturbance(status=500, share=50)], "/events", [200, 500, 200, 500]),
        ([Disturbance(path="/events", status=429)], "/events/x?y=1", [429, 429, 429, 429]),
        ([Disturbance(path="/events", status=429)], "/eventsx", [200, 200, 200, 200]),
        (
            [Disturbance(status=500), Disturbance(path="/a", status=401)],
            "/a",
            [401, 401, 401, 401],
        ),
    ],
)
def test_longest_path_that_covers_a_call_decides_for_its_share(
    chosen: list[Disturbance], path: str, statuses: list[int]
) -> None:
    disturbances = Disturbances(always("ok"))
    disturbances.replace(chosen)
    call = ReceivedCall(method="POST", path=path, headers={}, body=b"")

    assert [disturbances.choose(call).status for _ in range(4)] == statuses
