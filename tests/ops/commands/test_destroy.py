"""`firehose destroy`: what goes, who has to say so, and what stays."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.aws.cloud import FakeCloud
from tests.aws.session import FakeSession
from tests.running import Ran, Run

REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
QUEUE = "https://sqs.us-east-1.amazonaws.com/1/QueueUrl"
DEAD = "https://sqs.us-east-1.amazonaws.com/1/DeadLetterQueueUrl"
RETAINED = [
    ("DeliveryQueue1", "AWS::SQS::Queue", QUEUE),
    ("DeliveryDead1", "AWS::SQS::Queue", DEAD),
    ("DeliveryKey1", "AWS::KMS::Key", "key-of-messages"),
    ("LogsKey1", "AWS::KMS::Key", "key-of-logs"),
]
Destroy = Callable[..., Ran]


@pytest.fixture
def destroy(run: Run, file: Path) -> Destroy:
    environment = {"FIREHOSE_DEPLOYMENT": str(file)}
    return lambda *arguments: run("destroy", *arguments, environment=environment)


def deployed(cloud: FakeCloud) -> list[str]:
    return [region for region, it in cloud.sessions.items() if it.stacks.states]


def goes_slowly(session: FakeSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a region's stack begin to go, and somebody press Ctrl-C meanwhile."""

    def delete_stack(*, StackName: str) -> dict[str, Any]:  # noqa: N803 - as AWS names it
        session.stacks.states[StackName.removeprefix("id-of-")].status = "DELETE_IN_PROGRESS"
        os.kill(os.getpid(), signal.SIGINT)
        return {}

    monkeypatch.setattr(session.stacks, "delete_stack", delete_stack)


def test_every_region_goes_once_its_name_was_given(cloud: FakeCloud, destroy: Destroy) -> None:
    gone = destroy("--confirm", "acme")

    assert (gone.returncode, deployed(cloud)) == (0, [])
    told = gone.stderr.splitlines()
    assert sorted(told[:3]) == sorted(f"{it}: deleting acme-firehose-{it} …" for it in REGIONS)
    assert told[3:] == [
        *(f"{it}: acme-firehose-{it} is gone" for it in REGIONS),
        (
            "The key of `firehose token keygen`, if you made one, stays: aws secretsmanager"
            " delete-secret --secret-id acme-firehose-token-key --region us-east-1"
        ),
        "Next: tell mParticle, so that it stops calling.",
    ]


@pytest.mark.usefixtures("cloud")
def test_deployment_without_a_url_has_no_key_that_stays(destroy: Destroy, file: Path) -> None:
    file.write_text('name = "acme"\n')

    assert "keygen" not in destroy("--confirm", "acme").stderr


def test_dry_run_counts_what_would_go_and_deletes_nothing(
    cloud: FakeCloud, destroy: Destroy
) -> None:
    session = cloud.session("us-east-1")
    session.stacks.others = RETAINED
    session.stacks.outputs = {"EndpointUrl": "https://a1.example", "TokenSecretArn": "arn"}
    session.queues.waiting = {QUEUE: 2, DEAD: 3}

    shown = destroy("--dry-run", "--region", "us-east-1", "--format", "json")

    assert json.loads(shown.stdout) == [
        {
            "region": "us-east-1",
            "stack": "acme-firehose-us-east-1",
            "resources": 13,
            "waiting": 2,
            "dead": 3,
        }
    ]
    assert (shown.returncode, shown.stderr.splitlines()) == (
        0,
        [
            (
                "us-east-1: lost for good: https://a1.example,"
                " of which mParticle would have to be given another"
            ),
            "us-east-1: lost for good: mParticle's token, which would have to be stored again",
            "Nothing was deleted (--dry-run).",
        ],
    )
    assert sorted(deployed(cloud)) == sorted(REGIONS)


@pytest.mark.parametrize("confirm", [(), ("--confirm", "other")])
def test_nothing_goes_without_the_name(
    cloud: FakeCloud, destroy: Destroy, confirm: tuple[str, ...]
) -> None:
    refused = destroy("--region", "us-east-1", *confirm)

    assert refused.returncode == 2
    assert "Nothing was deleted: acme in us-east-1 was not confirmed" in refused.stderr
    assert sorted(deployed(cloud)) == sorted(REGIONS)


def test_stack_that_cannot_be_deleted_is_told_and_ends_it(
    cloud: FakeCloud, destroy: Destroy, monkeypatch: pytest.MonkeyPatch
) -> None:
    stacks = cloud.session("us-east-1").stacks

    def delete_stack(*, StackName: str) -> dict[str, Any]:  # noqa: N803 - as AWS names it
        stacks.states[StackName.removeprefix("id-of-")].status = "DELETE_FAILED"
        return {}

    monkeypatch.setattr(stacks, "delete_stack", delete_stack)

    refused = destroy("--confirm", "acme")

    assert refused.returncode == 1
    assert "us-east-1: acme-firehose-us-east-1 is DELETE_FAILED" in refused.stderr
    assert "tell mParticle" not in refused.stderr
    assert deployed(cloud) == ["us-east-1"]


@pytest.mark.parametrize(("waiting", "words"), [({QUEUE: 2}, (2, 0)), ({DEAD: 3}, (0, 3))])
def test_messages_are_lost_only_on_demand(
    cloud: FakeCloud, destroy: Destroy, waiting: dict[str, int], words: tuple[int, int]
) -> None:
    session = cloud.session("us-east-1")
    session.queues.waiting, session.stacks.others = waiting, RETAINED

    refused = destroy("--confirm", "acme")
    kept = deployed(cloud)
    gone = destroy("--confirm", "acme", "--lose-messages")

    assert refused.returncode == 1
    assert (
        f"us-east-1: {words[0]} messages wait and {words[1]} could not be delivered"
        "\nThey would be lost.\nNext: let the queues run empty"
    ) in refused.stderr
    assert sorted(kept) == sorted(REGIONS)
    assert (gone.returncode, deployed(cloud)) == (0, [])


def test_queues_and_the_key_of_their_messages_go_after_the_stack(
    cloud: FakeCloud, destroy: Destroy
) -> None:
    session = cloud.session("us-east-1")
    session.stacks.others = RETAINED

    destroy("--confirm", "acme")

    assert session.queues.deleted == [QUEUE, DEAD]
    assert session.keys.ending == {"key-of-messages": 7}
    assert cloud.session("eu-central-1").queues.deleted == []


def test_what_is_gone_already_stops_nothing(cloud: FakeCloud, destroy: Destroy) -> None:
    session = cloud.session("us-east-1")
    session.stacks.others = RETAINED
    session.queues.deleted, session.keys.ending = [QUEUE], {"key-of-messages": 7}

    assert destroy("--confirm", "acme").returncode == 0
    assert session.queues.deleted == [QUEUE, DEAD]


def test_region_without_a_stack_is_told_and_the_others_go(
    cloud: FakeCloud, destroy: Destroy
) -> None:
    cloud.session("eu-central-1").stacks.states.clear()

    gone = destroy("--confirm", "acme")

    assert (gone.returncode, deployed(cloud)) == (4, [])
    assert gone.stderr.startswith("eu-central-1: acme-firehose-eu-central-1: the stack does not")
    assert gone.stderr.endswith("Next: tell mParticle, so that it stops calling.\n")


def test_nothing_is_deleted_where_nothing_is(cloud: FakeCloud, destroy: Destroy) -> None:
    for session in cloud.sessions.values():
        session.stacks.states.clear()

    refused = destroy("--confirm", "acme")

    assert refused.returncode == 4
    assert refused.stderr.endswith("Nothing was deleted.\n")


def test_who_stops_waiting_is_told_what_goes_on_and_what_stays(
    cloud: FakeCloud, destroy: Destroy, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = cloud.session("us-east-1")
    session.stacks.others = RETAINED[:1]
    goes_slowly(session, monkeypatch)

    stopped = destroy("--confirm", "acme", "--region", "us-east-1")

    assert stopped.returncode == 130
    assert stopped.stderr.splitlines()[-4:] == [
        "us-east-1: acme-firehose-us-east-1 is being deleted by CloudFormation, which goes on",
        (
            "us-east-1: stays when the stack is gone: aws sqs delete-queue"
            f" --queue-url {QUEUE} --region us-east-1"
        ),
        "Stopped waiting.",
        "Next: run it again while a stack is there, or the commands above",
    ]
    assert session.queues.deleted == []


def one_pod(file: Path) -> None:
    file.write_text('name = "acme"\npods = ["US1"]\n')


@pytest.mark.usefixtures("cloud")
def test_stack_that_nobody_plans_any_more_goes_as_well(destroy: Destroy, file: Path) -> None:
    one_pod(file)

    shown = destroy("--dry-run", "--format", "json")

    assert [row["region"] for row in json.loads(shown.stdout)] == list(REGIONS)


def test_regions_that_are_named_go_alone_planned_or_not(
    cloud: FakeCloud, destroy: Destroy, file: Path
) -> None:
    one_pod(file)
    names = ("--region", "eu-central-1", "--region", "us-east-1")

    both = destroy(*names, "--dry-run", "--format", "json")
    destroy("--region", "eu-central-1", "--confirm", "acme")

    assert [row["region"] for row in json.loads(both.stdout)] == ["us-east-1", "eu-central-1"]
    assert sorted(deployed(cloud)) == ["ap-southeast-2", "us-east-1"]
