"""The connections: kept, shared, and replaced when they are of no use any more."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from local.service_calls import Behaviour, always
from local.stand_in import StandIn, stand_in
from partner_http import Connections
from tests.partner_http.posting import OK, post
from tests.standin.raw_service import raw_service


def test_calls_in_a_row_share_one_connection(
    connections: Connections, partner: StandIn, opened: list[object]
) -> None:
    bodies = [b"a", b"b" * 300_000, b""]

    assert [post(connections, body) for body in bodies] == [200, 200, 200]
    assert [call.body for call in partner.received] == bodies
    assert {call.headers["x-name"] for call in partner.received} == {"value"}
    assert len(opened) == 1


def test_calls_at_once_have_a_connection_each_and_keep_them(
    connections: Connections, partner: StandIn, opened: list[object]
) -> None:
    barrier = threading.Barrier(4)

    def together(_call: object) -> Behaviour:
        barrier.wait(5)
        return Behaviour()

    partner.choose = together
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            assert list(pool.map(lambda _: post(connections), range(4))) == [200] * 4
    assert len(opened) == 4


def test_failed_statuses_keep_the_connection_and_resets_do_not(
    connections: Connections, partner: StandIn, opened: list[object]
) -> None:
    partner.choose = lambda _call: Behaviour(status=500, body=b"broken")
    assert [post(connections), post(connections)] == [500, 500]
    assert len(opened) == 1

    partner.choose = always("reset")
    with pytest.raises(ConnectionError):
        post(connections)
    assert len(partner.received) == 3, "what may have been taken is not sent again"

    partner.choose = always("ok")
    assert post(connections) == 200
    assert len(opened) == 2


def test_connection_that_the_service_closed_while_idle_is_replaced() -> None:
    with raw_service([OK], then_close=True) as url:
        connections = Connections(url)
        for _ in range(3):
            assert post(connections) == 200
            time.sleep(0.05)
        connections.close()


def test_connection_that_rested_too_long_is_replaced(
    partner: StandIn, opened: list[object]
) -> None:
    connections = Connections(partner.url, idle_seconds=0.05)
    post(connections)
    time.sleep(0.1)
    post(connections)
    connections.close()

    assert len(opened) == 2


def test_proxies_of_the_environment_are_not_asked(
    connections: Connections, partner: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    with stand_in(always("error")) as proxy:
        for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert post(connections) == 200
    assert (len(partner.received), len(proxy.received)) == (1, 0)


@pytest.mark.parametrize("method", ["POST", "GET", "PUT"])
def test_request_on_a_kept_connection_that_dies_under_it_is_not_sent_again(
    method: str, connections: Connections, partner: StandIn
) -> None:
    assert connections.request(method, "/x", seconds=5).status == 200
    partner.choose = always("reset")
    with pytest.raises(ConnectionError):
        connections.request(method, "/x", seconds=5)
    assert len(partner.received) == 2
