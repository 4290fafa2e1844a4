"""Messages through queues and workers on the embedded AWS, while things go wrong."""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import threading
import time
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from local.service_calls import BEHAVIOURS, Behaviour, ReceivedCall, always
from plan import names
from probe.sample_messages import SampleKind
from probe.sample_messages import sample_messages as messages_of
from tests.local.cloud import REGIONS
from tests.local.delivery import (
    WORKER_SECONDS,
    Delivery,
    fresh,
)
from tests.waiting import until

pytestmark = pytest.mark.rehearsal

MESSAGES = int(os.environ.get("FIREHOSE_SOAK", "60"))
"""`make soak` sends 2,000."""
AUDIENCE = "audience_membership_change_request"
QUEUED = {
    "event_processing_request": "events",
    AUDIENCE: "audiences",
    "dsr_processing_request": "dsr",
}
CLOSED = "http://127.0.0.1:9"
"""Nothing answers at the port of `discard`."""


def send(delivery: Delivery, region: str, message: dict[str, Any], *, over: str) -> None:
    """Send a message until it is answered, as mParticle would."""
    for _ in range(20):
        if over == "lambda":
            answer = delivery.invoke(region, message)
        else:
            body = json.dumps(message).encode()
            _, answer, _ = delivery.post(region, QUEUED[message["type"]], body)
        if answer.get("id") == message["id"] and "error" not in answer:
            return
        time.sleep(0.2)
    raise AssertionError(f"never answered: {answer}")


def test_soak_every_message_is_delivered_or_dead_with_a_reason(delivery: Delivery) -> None:
    chance = random.Random(7)
    lock = threading.Lock()

    def choose(_call: ReceivedCall) -> Behaviour:
        with lock:
            fails = chance.random() < 0.3
            return BEHAVIOURS[chance.choice([*BEHAVIOURS][1:]) if fails else "ok"]

    delivery.partner.choose = choose
    kinds = [SampleKind.EVENTS, SampleKind.MEMBERSHIP, SampleKind.ERASURE]
    messages = [*islice(messages_of(kinds, seed=MESSAGES), MESSAGES)]
    ids = {message["id"] for message in messages}

    def hand_over(number: int) -> None:
        over = "lambda" if number % 2 else "https"
        send(delivery, REGIONS[number % 3], messages[number], over=over)

    with ThreadPoolExecutor(4) as pool:
        sending = [pool.submit(hand_over, number) for number in range(MESSAGES)]
        until(lambda: sum(delivery.partner.calls.values()) > MESSAGES // 3, seconds=60)
        killed = _kill_one_worker(delivery)
        _recycle(delivery, REGIONS[1])
        for sent in sending:
            sent.result()

    dead: dict[str, str] = {}

    def settled() -> bool:
        for region in REGIONS:
            dead.update(delivery.dead_letters(region))
        return ids <= delivery.partner.delivered.keys() | dead.keys()

    assert until(settled, seconds=120 + MESSAGES / 4), _lost(delivery, ids, dead)
    delivered = ids & delivery.partner.delivered.keys()
    repeated = sum(delivery.partner.delivered[i] - 1 for i in delivered)
    reasons = Counter(dead[i] for i in ids & dead.keys())
    sys.stdout.write(
        f"\n{len(ids)} sent over two transports to {len(REGIONS)} regions,"
        f" {killed} workers killed, one function recycled\n"
        f"{len(delivered)} delivered, {repeated} of them more than once\n"
        f"{len(ids & dead.keys())} dead letters: {dict(reasons)},"
        f" {len(delivered & dead.keys())} of them delivered too\n"
    )
    assert len(delivered) + len(dead.keys() & ids - delivered) == len(ids) == MESSAGES
    assert all(reasons)


def _kill_one_worker(delivery: Delivery) -> int:
    for process in delivery.processes(names.worker_name("acme"))[:1]:
        os.kill(process, signal.SIGKILL)
        return 1
    return 0


def _recycle(delivery: Delivery, region: str) -> None:
    """Make Lambda throw its processes of a worker away, as a deployment does."""
    delivery.client("lambda", region).update_function_configuration(
        FunctionName=names.worker_name("acme"), Description="Recycled"
    )


def _lost(delivery: Delivery, ids: set[str], dead: dict[str, str]) -> str:
    missing = ids - delivery.partner.delivered.keys() - dead.keys()
    return (
        f"{len(missing)} lost, of which {len(missing & delivery.partner.calls.keys())} were tried"
    )


@pytest.mark.skipif(not Path("/proc").exists(), reason="finds the process to kill in /proc")
def test_message_outlives_the_worker_that_is_killed_over_it(delivery: Delivery) -> None:
    delivery.partner.choose = lambda _call: Behaviour(seconds=2)
    message = fresh(AUDIENCE)
    region = REGIONS[0]

    send(delivery, region, message, over="lambda")
    assert until(lambda: delivery.partner.calls[message["id"]] == 1, seconds=60)
    workers = delivery.processes(names.worker_name("acme"))
    for process in workers:
        os.kill(process, signal.SIGKILL)
    assert workers
    delivery.partner.choose = always("ok")

    # it is handed out again when its visibility ends
    seconds = 6 * WORKER_SECONDS + 60
    assert until(lambda: delivery.partner.calls[message["id"]] >= 2, seconds=seconds)
    assert until(lambda: delivery.partner.delivered[message["id"]] >= 1, seconds=30)


def test_one_poison_record_does_not_keep_the_other_nine(delivery: Delivery) -> None:
    region = REGIONS[2]
    good = [fresh(AUDIENCE) for _ in range(9)]
    poison = f"poison {uuid.uuid4()}"
    bodies = [*(json.dumps(message) for message in good[:5]), poison]
    bodies += [json.dumps(message) for message in good[5:]]

    failed = delivery.client("sqs", region).send_message_batch(
        QueueUrl=delivery.output(region, names.QUEUE_URL_OUTPUT),
        Entries=[
            {"Id": str(n), "MessageBody": body, "MessageGroupId": "1001"}
            for n, body in enumerate(bodies)
        ],
    )
    assert not failed.get("Failed")

    delivered = delivery.partner.delivered
    assert until(lambda: all(delivered[m["id"]] for m in good), seconds=60)
    dead: dict[str, str] = {}

    def is_dead() -> bool:
        dead.update(delivery.dead_letters(region))
        return poison in dead

    assert until(is_dead, seconds=60)
    assert dead[poison].startswith("InvalidMessage: ")


def test_unreachable_queue_is_never_a_success_and_loses_nothing(delivery: Delivery) -> None:
    region = REGIONS[1]
    lambda_ = delivery.client("lambda", region)
    functions = [
        function["FunctionName"]
        for function in lambda_.list_functions()["Functions"]
        if "Worker" not in function["FunctionName"]
        and function["FunctionName"] != names.worker_name("acme")
        and "firehose" in function["FunctionName"]
    ]
    assert len(functions) == 2
    by_lambda, by_https = fresh(AUDIENCE), fresh("event_processing_request")
    good = {name: _alias_to(lambda_, name, AWS_ENDPOINT_URL_SQS=CLOSED) for name in functions}

    try:
        error = delivery.invoke(region, by_lambda)
        status, body, headers = delivery.post(region, "events", json.dumps(by_https).encode())
    finally:
        for name, version in good.items():
            lambda_.update_alias(FunctionName=name, Name=names.ALIAS, FunctionVersion=version)

    assert error["errorMessage"].startswith("SendMessage failed: ")
    assert (status, body) == (503, {"error": "the message was not stored"})
    assert headers["Retry-After"] == "5"
    assert not delivery.partner.calls.keys() & {by_lambda["id"], by_https["id"]}

    send(delivery, region, by_lambda, over="lambda")
    send(delivery, region, by_https, over="https")
    ids = {by_lambda["id"], by_https["id"]}
    assert until(lambda: ids <= delivery.partner.delivered.keys(), seconds=60)


def _alias_to(lambda_: Any, function: str, **variables: str) -> str:
    """Publish a version with more variables behind the alias; give the version before it."""
    before: str = lambda_.get_alias(FunctionName=function, Name=names.ALIAS)["FunctionVersion"]
    environment = lambda_.get_function_configuration(FunctionName=function)["Environment"]
    lambda_.update_function_configuration(
        FunctionName=function, Environment={"Variables": environment["Variables"] | variables}
    )
    version = lambda_.publish_version(FunctionName=function)["Version"]
    lambda_.update_alias(FunctionName=function, Name=names.ALIAS, FunctionVersion=version)
    lambda_.update_function_configuration(FunctionName=function, Environment=environment)
    return before
