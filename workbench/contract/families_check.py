"""The check that what is registered reaches the partner's service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from local.stand_in import StandIn
from probe.check_requests import request_named
from probe.deployed_stages import registration_of
from probe.endpoint_answer import Json
from probe.endpoint_check import INFERENCE, Result, Stage, failed, passed, skipped
from probe.registered_types import MAIN_TYPES, registration_in
from probe.remedies import Need
from probe.sample_messages import SampleKind, sample_messages
from probe.sample_shape import SampleShape
from workbench.contract.calls_seen import CallsSeen

_SAMPLES = 8
_SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FamiliesCheck:
    """See `probe.endpoint_check.Check`. What is answered and never passed on is lost."""

    name: str = "registered_families"
    demand: str = "Messages of every registered family reach your service."
    source: str = INFERENCE
    needs: Sequence[Need] = (Need.SERVICE,)
    is_demanded: bool = True

    def waived(self, stage: Stage) -> str | None:
        """Waive it where nothing is registered."""
        return None if any(map(stage.is_sent, MAIN_TYPES)) else "nothing is registered"

    def run(self, stage: Stage) -> Result:
        """Send each family what it may be sent, until there is a call."""
        service = stage.service
        if service is None:
            return skipped("needs a service")
        if stage.registered is None:
            return skipped(
                "the registration cannot be read: see module_registration_request",
                stage.remedies.mend,
            )
        families = filter(stage.is_sent, MAIN_TYPES)
        silent = [name for name in families if not _reaches(service, stage, name)]
        if not silent:
            return passed()
        reason = f"nothing reached the service of {', '.join(silent)}"
        return failed(reason, stage.remedies.uncalled, cause=UNCALLED)


UNCALLED = "the integration called no service"


def _reaches(service: StandIn, stage: Stage, name: str) -> bool:
    seen = CallsSeen(service)
    for request in _messages(stage, name):
        stage.send(request)
        stage.drain()
        if len(seen):
            return True
    return False


def _messages(stage: Stage, name: str) -> Iterator[Json]:
    """Give our own message, then some of what mParticle sends by the registration."""
    yield request_named(name)
    registration = registration_in(registration_of(stage.endpoint))
    if registration:
        shape = SampleShape.of(registration)
        yield from islice(sample_messages([SampleKind(name)], seed=_SEED, shape=shape), _SAMPLES)
