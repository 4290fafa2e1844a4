"""What mParticle tells its partners, each fact with its page: pods, accounts, limits."""

from __future__ import annotations

from dataclasses import dataclass

FIREHOSE_PAGE = "docs.mparticle.com/developers/partners/firehose, step Grant Permissions"
HOSTING_PAGE = "docs.mparticle.com/developers/data-localization, table of AWS accounts (for S3)"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvokingAccount:
    """An AWS account of mParticle's that may invoke the endpoint.

    `confirmed` is false where mParticle documents the account for another service only, so that
    its use for Lambda is our inference and mParticle should be asked.
    """

    number: str
    source: str
    confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pod:
    """One of mParticle's data centres; several may share an AWS region."""

    name: str
    region: str
    account: InvokingAccount


DOCUMENTED_ACCOUNTS = (
    InvokingAccount(number="338661164609", source=FIREHOSE_PAGE, confirmed=True),
    InvokingAccount(number="457804467337", source=FIREHOSE_PAGE, confirmed=True),
)
"""Documented for `lambda:InvokeFunction` without naming a pod, so every region grants them."""


def _inferred(number: str) -> InvokingAccount:
    return InvokingAccount(number=number, source=HOSTING_PAGE, confirmed=False)


PODS = {
    pod.name: pod
    for pod in (
        Pod(name="US1", region="us-east-1", account=DOCUMENTED_ACCOUNTS[0]),
        Pod(name="US2", region="us-east-1", account=_inferred("386705975570")),
        Pod(name="EU1", region="eu-central-1", account=_inferred("583371261087")),
        Pod(name="AU1", region="ap-southeast-2", account=_inferred("526464060896")),
    )
}
"""Every pod by name, in mParticle's order: the region it wants first comes first."""

# docs.mparticle.com/developers/partners/outbound-integrations
MINIMUM_MEMORY_MB = 256
ADVISED_MEMORY_MB = 1024
MINIMUM_CONCURRENCY = 1_000
LAMBDA_P99_MS = 200
HTTPS_P99_MS = 100
ANSWERED_IN_TIME_PERCENT = 99
AVERAGE_REQUESTS_PER_SECOND = 2_000
PEAK_REQUESTS_PER_SECOND = 10_000
RETRIED_STATUSES = frozenset({408, 429, 500, 502, 503, 504})
