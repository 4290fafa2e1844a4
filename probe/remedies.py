"""What to do about a check that failed or was skipped, in words that fit whose code it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Need(StrEnum):
    """What a check needs beyond an endpoint that answers."""

    URL = "an endpoint that is posted to"
    SERVICE = "a partner's service that can be steered"
    LOG = "everything that the function writes"
    TIMES = "answer times that mean something"
    CLASS = "the integration's class in this process"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedies:
    """The next steps at one kind of target.

    `mend` follows a wrong answer, `uncalled` a message of which nothing reached the service,
    `refused_key` a refused key that was passed over, `unreachable` a message that was lost while
    the service was away. `missing` tells how to give what the stage lacks.
    """

    mend: str
    uncalled: str
    refused_key: str = "raise InvalidCredentials when the service answers 401 or 403"
    unreachable: str = "raise RetryableError when the service cannot be reached"
    missing: Mapping[Need, str] = field(default_factory=dict)


_URL_OF_SERVICE = "call your service in the hook, at a URL of [environment]"
_IN_PROCESS = "run firehose contract, which has it in this process"

HERE = Remedies(
    mend="firehose sample TYPE, then firehose try FILE, shows where it goes wrong",
    uncalled=_URL_OF_SERVICE,
)
"""Your class in this process."""

PACKAGED = Remedies(
    mend="firehose contract, in this process, shows whether it is the class or its package",
    uncalled=_URL_OF_SERVICE,
    missing={Need.LOG: _IN_PROCESS, Need.TIMES: _IN_PROCESS, Need.CLASS: _IN_PROCESS},
)
"""The package on an embedded AWS."""

DEPLOYED = Remedies(
    mend="read the function's log for the message's id, mend the integration, deploy again",
    uncalled=_URL_OF_SERVICE,
    missing={
        Need.SERVICE: _IN_PROCESS,
        Need.LOG: _IN_PROCESS,
        Need.TIMES: "firehose verify --latency, on AWS",
        Need.CLASS: _IN_PROCESS,
    },
)
"""What is live, from this repository."""

_SUSPEND = 'answer "suspend_subscription": true when your service refuses the key'
_FAIL = "fail, or answer 503, until your service has it or you have stored it"

JAR = Remedies(
    mend="read what the handler raised, mend it, build the jar again",
    uncalled="call your service in the handler, at a URL that [environment] gives it",
    refused_key=_SUSPEND,
    unreachable=_FAIL,
)
"""A jar in a process on this machine."""

FOREIGN = Remedies(
    mend="look for the message's id in your endpoint's log, and mend it there",
    uncalled="call the service of --service-port instead of yours, for each family you register",
    refused_key=_SUSPEND,
    unreachable=_FAIL,
    missing={
        Need.SERVICE: "--service-port PORT: your endpoint has to call it instead of your service",
        Need.LOG: "--log FILE, into which your endpoint writes everything",
        Need.TIMES: "run it where answer times are those of production",
    },
)
"""Code of anybody's, in any language."""
