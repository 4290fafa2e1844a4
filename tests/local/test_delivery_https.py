"""The URL of a region on the embedded AWS: bad input, token rotation, verify and handoff."""

from __future__ import annotations

import gzip
import json
import os
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.local.cloud import REGIONS
from tests.local.delivery import TOKEN, Delivery, fresh, store_token
from tests.local.documented import records
from tests.waiting import until

pytestmark = pytest.mark.rehearsal

AUDIENCE = "audience_membership_change_request"


def body_of(name: str) -> bytes:
    return json.dumps(fresh(name)).encode()


@pytest.mark.parametrize(
    ("path", "body", "options", "status"),
    [
        ("audiences", b"user=canary@example.com", {}, 400),
        ("registration", body_of(AUDIENCE), {"token": None}, 400),
        ("nowhere", body_of(AUDIENCE), {}, 404),
        ("audiences", body_of(AUDIENCE), {"method": "PUT"}, 404),
        ("audiences", json.dumps({"x": "x" * 5_000_000}).encode(), {}, 413),
        ("audiences", gzip.compress(body_of(AUDIENCE)), {"Content_Encoding": "gzip"}, 400),
        ("audiences", body_of(AUDIENCE), {"token": None}, 401),
        ("audiences", body_of(AUDIENCE), {"Authorization": f"token {TOKEN}"}, 200),
    ],
)
def test_bad_http_input_has_its_status_and_is_not_queued(
    delivery: Delivery, path: str, body: bytes | None, options: dict[str, Any], status: int
) -> None:
    found, content, _ = delivery.post(REGIONS[0], path, body, **options)

    assert found == status
    if status == 200:
        assert until(lambda: delivery.partner.delivered[content["id"]] == 1, seconds=60)
        return
    # API Gateway's own answer to a path or method that is not there says `message`
    assert isinstance(content.get("error", content.get("message")), str)
    assert "canary" not in json.dumps(content)
    time.sleep(0.5)
    assert not [i for i in delivery.partner.calls if i in (body or b"").decode(errors="replace")]


def test_new_and_old_token_are_good_after_a_rotation(delivery: Delivery) -> None:
    region = REGIONS[2]
    body = body_of("event_processing_request_idle")
    assert delivery.post(region, "events", body)[0] == 200

    stored = delivery.cloud.run(
        "firehose", "token", "store", "--region", region, "--format", "json", given="sesame-2\n"
    )
    assert stored.returncode == 0, stored.stderr
    assert records("token store", stored.stdout) == [
        {"region": region, "outcome": "stored", "valid": 2}
    ]
    assert "sesame" not in stored.stdout + stored.stderr

    assert [
        delivery.post(region, "events", body, token=token)[0]
        for token in (TOKEN, "sesame-2", TOKEN)
    ] == [200, 200, 200]


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the processes to end in /proc")
def test_old_token_stops_after_the_next_rotation(delivery: Delivery) -> None:
    region = REGIONS[1]
    body = body_of("event_processing_request_idle")
    store_token(delivery, region, "sesame-2")
    store_token(delivery, region, "sesame-3")
    restart(delivery, region)  # or wait for a minute
    try:
        assert [
            delivery.post(region, "events", body, token=token)[0]
            for token in (TOKEN, "sesame-2", "sesame-3")
        ] == [401, 200, 200]
    finally:
        store_token(delivery, region, TOKEN)
        restart(delivery, region)


def restart(delivery: Delivery, region: str) -> None:
    """End the processes behind the URL, as Lambda does with idle ones."""
    functions = delivery.client("lambda", region).list_functions()["Functions"]
    (name,) = (f["FunctionName"] for f in functions if "Https" in f["FunctionName"])
    for process in delivery.processes(name):
        os.kill(process, signal.SIGKILL)
    # The embedded AWS answers 502 to a call that meets a process on its way out.
    body = body_of("module_registration_request")
    assert until(lambda: delivery.post(region, "registration", body)[0] == 200, seconds=30)


def test_verify_and_handoff_cover_both_transports(delivery: Delivery) -> None:
    verify = delivery.cloud.run("firehose", "verify", "--format", "json")
    handoff = delivery.cloud.run("firehose", "handoff", "--format", "json")

    assert verify.returncode == 0, verify.stderr
    calls = Counter((call["region"], call["transport"]) for call in json.loads(verify.stdout))
    assert calls == {(region, over): 12 for region in REGIONS for over in ("lambda", "https")}
    assert TOKEN not in verify.stdout + verify.stderr
    for pod in json.loads(handoff.stdout):
        assert pod["arn"].endswith(":acme-firehose:production")
        assert [url.rpartition("/firehose/")[2] for url in pod["urls"]] == [
            "registration",
            "events",
            "audiences",
            "dsr",
        ]
