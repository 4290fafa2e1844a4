"""Names that others have written down: partners, mParticle, whoever looks at the account."""

from __future__ import annotations

from plan import names
from plan.mparticle import PODS


def test_names_that_leave_the_account_are_frozen() -> None:
    assert names.function_name("acme") == "acme-firehose"
    assert names.worker_name("acme") == "acme-firehose-worker"
    assert names.token_key_name("acme") == "acme-firehose-token-key"
    assert names.stack_name("acme", "eu-central-1") == "acme-firehose-eu-central-1"
    assert names.probe_name("acme", "eu-central-1") == "acme-firehose-probe-eu-central-1"


def test_probes_of_the_longest_deployment_have_names_that_aws_takes_and_that_differ() -> None:
    regions = {pod.region for pod in PODS.values()}
    probes = {names.probe_name("a" * 40, region) for region in regions}

    assert len(probes) == len(regions)
    assert max(map(len, probes)) <= 64, "Lambda's and IAM's limit"


def test_outputs_that_a_deployed_stack_has_are_found_under_their_names() -> None:
    outputs = {value for name, value in vars(names).items() if name.endswith("_OUTPUT")}

    assert outputs == {
        "FunctionArn",
        "LeftOut",
        "EndpointUrl",
        "EndpointDomainTarget",
        "TokenSecretArn",
        "QueueUrl",
        "DeadLetterQueueUrl",
    }
    assert names.DEPLOYMENT_TAG == "firehose:deployment"
    assert names.DELIVERY == "Delivery", "begins the logical ids of queues that hold messages"
