"""The queue between accepting and delivering: encrypted, never lossy, drained at a bounded rate."""

from __future__ import annotations

from typing import Any

import pytest

from endpoint.backoff import LONGEST_SECONDS
from plan.delivery import Worker
from tests.stacks.variants import Template, Variants, resources


def function(template: Template, handler: str) -> dict[str, Any]:
    (found,) = (
        resource["Properties"]
        for resource in resources(template, "AWS::Lambda::Function").values()
        if resource["Properties"]["Handler"] == handler
    )
    return found  # type: ignore[no-any-return]  # a resource's properties are a dict


def queues(template: Template) -> tuple[str, dict[str, Any], str, dict[str, Any]]:
    """Give the queue that is drained and its dead letters, each with its logical id."""
    found = resources(template, "AWS::SQS::Queue")
    (queue_id,) = (i for i, queue in found.items() if "RedrivePolicy" in queue["Properties"])
    (dead_id,) = found.keys() - {queue_id}
    return queue_id, found[queue_id]["Properties"], dead_id, found[dead_id]["Properties"]


def statements(template: Template, role: str) -> list[dict[str, Any]]:
    return [
        statement
        for policy in resources(template, "AWS::IAM::Policy").values()
        if policy["Properties"]["Roles"] == [{"Ref": role}]
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
    ]


def test_default_numbers_are_those_of_the_design(variants: Variants) -> None:
    template = variants.template("queued")
    _, queue, dead_id, dead = queues(template)
    (source,) = resources(template, "AWS::Lambda::EventSourceMapping").values()

    assert queue["MessageRetentionPeriod"] == 4 * 86_400
    assert dead["MessageRetentionPeriod"] == 14 * 86_400
    assert (
        queue["VisibilityTimeout"] == 6 * function(template, "endpoint.worker.handler")["Timeout"]
    )
    assert queue["RedrivePolicy"] == {
        "deadLetterTargetArn": {"Fn::GetAtt": [dead_id, "Arn"]},
        "maxReceiveCount": 26,
    }
    assert source["Properties"]["BatchSize"] == 10
    assert source["Properties"]["ScalingConfig"] == {"MaximumConcurrency": 100}
    assert source["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"]


def test_worker_may_send_to_its_own_queue_as_often_as_it_tries(variants: Variants) -> None:
    functions = resources(variants.template("queued"), "AWS::Lambda::Function").values()
    loops = {it["Properties"]["Handler"]: it["Properties"].get("RecursiveLoop") for it in functions}

    assert loops == {"endpoint.direct.handler": None, "endpoint.worker.handler": "Allow"}


def test_every_number_can_be_chosen(variants: Variants) -> None:
    template = variants.template("all-queued")
    _, queue, _, dead = queues(template)
    worker = function(template, "endpoint.worker.handler")
    (source,) = resources(template, "AWS::Lambda::EventSourceMapping").values()

    assert (queue["MessageRetentionPeriod"], dead["MessageRetentionPeriod"]) == (172_800, 604_800)
    assert (queue["VisibilityTimeout"], queue["RedrivePolicy"]["maxReceiveCount"]) == (600, 24)
    assert (worker["MemorySize"], worker["Timeout"]) == (1024, 60)
    assert worker["ReservedConcurrentExecutions"] == 40
    assert source["Properties"]["BatchSize"] == 5
    assert source["Properties"]["ScalingConfig"] == {"MaximumConcurrency": 20}
    variables = worker["Environment"]["Variables"]
    assert variables["FIREHOSE_PARALLEL"] == "5"
    assert variables["FIREHOSE_ATTEMPTS"] == "3"
    assert variables["FIREHOSE_MAX_RECEIVES"] == "4"


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-southeast-2"])
def test_worker_is_found_by_its_name_in_every_region(variants: Variants, region: str) -> None:
    worker = function(variants.template("queued", region), "endpoint.worker.handler")

    assert worker["FunctionName"] == "queued-firehose-worker"


def test_queue_is_drained_by_a_retained_version_of_the_worker(variants: Variants) -> None:
    template = variants.template("queued")
    (source,) = resources(template, "AWS::Lambda::EventSourceMapping").values()
    alias_id = source["Properties"]["FunctionName"]["Ref"]
    alias = template["Resources"][alias_id]["Properties"]
    version = template["Resources"][alias["FunctionVersion"]["Fn::GetAtt"][0]]

    assert alias["Name"] == "production"
    assert version["DeletionPolicy"] == "RetainExceptOnCreate"
    assert version["Properties"]["FunctionName"] == {"Ref": "DeliveryWorkerFunction8970DCCB"}


def test_only_the_workers_own_retries_are_no_endless_loop_to_lambda(variants: Variants) -> None:
    # docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
    template = variants.template("both")
    allowed = {
        function["Properties"]["Handler"]: function["Properties"].get("RecursiveLoop")
        for function in resources(template, "AWS::Lambda::Function").values()
    }

    assert allowed == {
        "endpoint.worker.handler": "Allow",
        "endpoint.direct.handler": None,
        "endpoint.https.handler": None,
    }


def test_most_attempts_that_may_be_chosen_end_within_a_day() -> None:
    attempts = Worker.model_json_schema()["properties"]["attempts"]["maximum"]
    longest = (min(2**attempt, LONGEST_SECONDS) for attempt in range(1, attempts))

    assert sum(longest) < 86_400


def test_what_was_acknowledged_outlives_its_stack(variants: Variants) -> None:
    template = variants.template("queued")
    key = resources(template, "AWS::SQS::Queue")[queues(template)[0]]["Properties"]
    kept = [
        *resources(template, "AWS::SQS::Queue").values(),
        template["Resources"][key["KmsMasterKeyId"]["Fn::GetAtt"][0]],
    ]

    assert [it["DeletionPolicy"] for it in kept] == ["RetainExceptOnCreate"] * 3
    assert [it["UpdateReplacePolicy"] for it in kept] == ["Retain"] * 3


def test_both_queues_are_encrypted_with_the_stacks_own_key_and_refuse_plain_http(
    variants: Variants,
) -> None:
    template = variants.template("queued")
    queue_id, queue, dead_id, dead = queues(template)
    policies = {
        policy["Properties"]["Queues"][0]["Ref"]: policy["Properties"]["PolicyDocument"]
        for policy in resources(template, "AWS::SQS::QueuePolicy").values()
    }

    assert queue["KmsMasterKeyId"] == dead["KmsMasterKeyId"]
    key = resources(template, "AWS::KMS::Key")[queue["KmsMasterKeyId"]["Fn::GetAtt"][0]]
    assert key["Properties"]["EnableKeyRotation"] is True
    for logical_id in (queue_id, dead_id):
        (deny,) = policies[logical_id]["Statement"]
        assert (deny["Effect"], deny["Condition"]) == (
            "Deny",
            {"Bool": {"aws:SecureTransport": "false"}},
        )


def test_queue_is_standard_with_a_generated_name(variants: Variants) -> None:
    for queue in resources(variants.template("queued"), "AWS::SQS::Queue").values():
        assert not {"FifoQueue", "QueueName"} & set(queue["Properties"])


def test_endpoint_may_store_and_nothing_more(variants: Variants) -> None:
    template = variants.template("queued")
    queue_id, queue, _, _ = queues(template)
    role = function(template, "endpoint.direct.handler")["Role"]["Fn::GetAtt"][0]
    key = {"Fn::GetAtt": queue["KmsMasterKeyId"]["Fn::GetAtt"]}

    allowed = [
        (statement["Action"], statement["Resource"])
        for statement in statements(template, role)
        if "logs:PutLogEvents" not in statement["Action"]
    ]
    assert allowed == [
        ("sqs:SendMessage", {"Fn::GetAtt": [queue_id, "Arn"]}),
        (["kms:Decrypt", "kms:GenerateDataKey"], key),
    ]


def test_endpoint_is_told_what_to_queue_and_where(variants: Variants) -> None:
    template = variants.template("all-queued")
    queue_id, _, _, _ = queues(template)

    assert function(template, "endpoint.direct.handler")["Environment"]["Variables"] == {
        "FIREHOSE_INTEGRATION": "acme:Acme",
        "FIREHOSE_LOG_SAMPLE": "0.01",
        "FIREHOSE_QUEUED": "events,audiences,dsr",
        "FIREHOSE_QUEUE_URL": {"Ref": queue_id},
    }


def test_queues_are_named_in_the_outputs(variants: Variants) -> None:
    template = variants.template("queued")
    queue_id, _, dead_id, _ = queues(template)

    assert template["Outputs"]["QueueUrl"]["Value"] == {"Ref": queue_id}
    assert template["Outputs"]["DeadLetterQueueUrl"]["Value"] == {"Ref": dead_id}


def test_nothing_queued_means_no_queue_and_no_worker(variants: Variants) -> None:
    template = variants.template("acme")

    assert not resources(template, "AWS::SQS::Queue")
    assert not resources(template, "AWS::Lambda::EventSourceMapping")
    assert len(resources(template, "AWS::Lambda::Function")) == 1
