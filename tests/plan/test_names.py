"""Names that others have written down: partners, mParticle, whoever looks at the account."""

from __future__ import annotations

from plan import names


def test_names_that_leave_the_account_are_frozen() -> None:
    assert names.function_name("acme") == "acme-firehose"
    assert names.worker_name("acme") == "acme-firehose-worker"
    assert names.token_key_name("acme") == "acme-firehose-token-key"
    assert names.stack_name("acme", "eu-central-1") == "acme-firehose-eu-central-1"
    assert names.probe_name("acme", "eu-central-1") == "acme-firehose-probe-eu-central-1"


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
