"""The HTTPS tables of deployment.toml: the API's paths and throttles, a domain per region."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from plan import mparticle
from plan.fields import Table
from plan.problems import refusal
from plan.quotas import API_BURST

HTTPS_HANDLER = "endpoint.https.handler"
REGISTRATIONS_PER_SECOND = 10
"""Registration is open to anybody, and mParticle asks for it once in a while."""


def _prefix(value: str) -> str:
    if not re.fullmatch(r"(/[a-z0-9][a-z0-9._-]*)*", value):
        raise refusal('"", or parts in lower case that each start with a slash, such as /firehose')
    return value


_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"


def _domain(value: str) -> str:
    if len(value) > 253 or not re.fullmatch(rf"({_LABEL}\.)+{_LABEL}", value):
        raise refusal("a domain name in lower case, such as firehose-eu.acme.example")
    return value


def _certificate(value: str) -> str:
    if not re.fullmatch(r"arn:aws:acm:[a-z0-9-]+:\d{12}:certificate/[\w-]+", value):
        raise refusal("the ARN of a certificate in ACM")
    return value


class Https(Table):
    """The HTTP API of every region, where `https` is one of the transports."""

    prefix: Annotated[str, AfterValidator(_prefix)] = ""
    """Comes before /registration, /events, /audiences and /dsr."""
    requests_per_second: Annotated[int, Field(ge=1)] = mparticle.PEAK_REQUESTS_PER_SECOND
    """Of each path. Above it mParticle gets 429; an account has 10,000 in all unless raised."""
    burst: Annotated[int, Field(ge=1)] = API_BURST
    """Requests at once; an account has 5,000."""
    overflow_ms: Annotated[int, Field(ge=10, le=mparticle.HTTPS_P99_MS - 20)] = 60
    """The budget of a call, as `processing.overflow_ms`; of mParticle's 100 ms."""


class Domain(Table):
    """The name under which mParticle calls one region, instead of the API's own."""

    name: Annotated[str, AfterValidator(_domain)]
    certificate_arn: Annotated[str, AfterValidator(_certificate)]
    """In the same region; issued for the name."""

    @property
    def certificate_region(self) -> str:
        """The region that the certificate is in."""
        return self.certificate_arn.split(":")[3]
