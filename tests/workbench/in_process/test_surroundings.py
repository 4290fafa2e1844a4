"""The integration in this process: its environment, its log, no network but the stand-in."""

from __future__ import annotations

import json
import os
import socket
import sys

import pytest

from local.function_environment import led_to
from local.stand_in import StandIn
from tests.workbench.in_process.conftest import Loaded
from tests.workbench.partner_code import message, message_of
from workbench.network_guard import ConnectionRefusedHere, loopback_only


def test_urls_of_the_environment_lead_to_the_service_and_keep_their_path(
    loaded: Loaded, partner: StandIn
) -> None:
    with loaded() as endpoint:
        answer = endpoint.answer(message("event_processing_request"))

    assert answer["id"] == message_of("event_processing_request")["id"]
    assert [call.path for call in partner.received] == ["/v1/events"]
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
    loaded: Loaded, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "canary")
    monkeypatch.setenv("ACME_URL", "https://of-the-shell.example")
    hooks = """
        def process_event_processing_request(self, request):
            self.seen = dict(os.environ)
            return super().process_event_processing_request(request)
    """
    before = dict(os.environ)

    with loaded(hooks, environment={"MODE": "eu"}) as endpoint:
        endpoint.answer(message("event_processing_request"))
        seen = vars(endpoint.integration)["seen"]

    assert (seen["MODE"], seen["AWS_REGION"]) == ("eu", "eu-central-1")
    assert seen["FIREHOSE_INTEGRATION"] == "ours:Acme"
    assert {"AWS_SECRET_ACCESS_KEY", "ACME_URL"}.isdisjoint(seen)
    assert dict(os.environ) == before
    assert "ours" not in sys.modules


def test_connection_to_another_machine_is_refused_by_name_even_if_the_integration_hides_it(
    loaded: Loaded,
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            try:
                urllib.request.urlopen("http://api.acme.example/x", timeout=1)
            except OSError:
                pass
            return super().process_event_processing_request(request)
    """

    with loaded(hooks) as endpoint:
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


def test_what_the_function_writes_is_its_log_and_nothing_reaches_the_terminal(
    loaded: Loaded, capsys: pytest.CaptureFixture[str]
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            print("from the partner")
            logging.getLogger("acme").warning("logged by the partner")
            return super().process_event_processing_request(request)
    """

    with loaded(hooks) as endpoint:
        endpoint.answer(message("event_processing_request"))

    assert endpoint.log.lines[:2] == ["from the partner", "logged by the partner"]
    assert json.loads(endpoint.log.lines[2])["outcome"] == "answered"
    assert capsys.readouterr() == ("", "")
