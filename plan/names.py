"""Every name that two programs, or we and mParticle, must agree on."""

from __future__ import annotations

ALIAS = "production"
"""mParticle's page advises an alias and calls it so; the ARN it is given ends with it."""

FUNCTION_ARN_OUTPUT = "FunctionArn"
LEFT_OUT_OUTPUT = "LeftOut"
"""Only there when concurrency that AWS would refuse was left out of the stack."""
ENDPOINT_URL_OUTPUT = "EndpointUrl"
DOMAIN_TARGET_OUTPUT = "EndpointDomainTarget"
TOKEN_SECRET_OUTPUT = "TokenSecretArn"  # noqa: S105 - the name of an output
QUEUE_URL_OUTPUT = "QueueUrl"
DEAD_LETTER_QUEUE_URL_OUTPUT = "DeadLetterQueueUrl"

DEPLOYMENT_TAG = "firehose:deployment"
"""Tag of every stack with its deployment's name, so that one that nobody plans can be found."""

DELIVERY = "Delivery"
"""Id of the construct with queue, dead letters, key and worker: their logical ids begin with it."""

DEPLOYMENT_FILE = "deployment.toml"
DEPLOYMENT_VARIABLE = "FIREHOSE_DEPLOYMENT"
"""Names another deployment file, for `firehose` and `cdk` alike."""

TARGET_VARIABLE = "FIREHOSE_TARGET"
"""`aws` (default) or `local`, the embedded AWS; set by `firehose local`."""


def function_name(name: str) -> str:
    """Name of the function that mParticle invokes; part of the ARN, so frozen once handed over."""
    return f"{name}-firehose"


def worker_name(name: str) -> str:
    """Name of the function that drains the queue, as operators look for it."""
    return f"{name}-firehose-worker"


def token_key_name(name: str) -> str:
    """Name of the secret with the OpenPGP key for mParticle's token, which no stack owns."""
    return f"{name}-firehose-token-key"


def stack_name(name: str, region: str) -> str:
    """Name of one region's stack, as in `cdk deploy <stack>`."""
    return f"{name}-firehose-{region}"


def probe_name(name: str, region: str) -> str:
    """Name of the function, and its role, that are there while a region measures itself.

    AWS allows both 64 characters: the longest deployments' names lose the region's end.
    """
    return f"{name}-firehose-probe-{region}"[:64]
