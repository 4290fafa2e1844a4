"""Good requests as mParticle sends them to one integration, by what it registers for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import islice

from firehose import ModuleRegistrationResponse
from probe.check_requests import request_named
from probe.endpoint_answer import Json
from probe.fresh_ids import with_fresh_ids
from probe.registered_types import BATCH, FAMILY_TYPES
from probe.sample_messages import SampleKind, sample_messages
from probe.sample_shape import SampleShape
from probe.sender_filter import SenderFilter

RequestMaker = Callable[[str], Json]
"""Makes a good message of a type that no endpoint has seen before."""

_SEED = 1
_ENOUGH = 200
"""Samples of a type among which every registered event is, and somebody with what is required."""


def shaped_requests(registration: ModuleRegistrationResponse | None) -> RequestMaker:
    """Give what makes requests with the registered events, platforms, identities and fields.

    A batch has an event of each kind. Without a registration, and where nothing would be sent by
    it, the requests are our own.
    """
    if registration is None:
        return request_named
    shape, passing = SampleShape.of(registration), SenderFilter.of(registration)

    @cache
    def shaped(name: str) -> Json | None:
        samples = sample_messages([SampleKind(name)], seed=_SEED, shape=shape)
        sent = (it for sample in islice(samples, _ENOUGH) if (it := passing.passed(sample)))
        first = next(sent, None)
        if first and name == BATCH:
            return first | _with_every_event([first, *sent])
        return first

    def make(name: str) -> Json:
        message = shaped(name) if name in FAMILY_TYPES else None
        return with_fresh_ids(message) if message else request_named(name)

    return make


def _with_every_event(batches: list[Json]) -> Json:
    """Take the first event of each kind, in the order of time."""
    first: dict[str, Json] = {}
    for batch in batches:
        for event in batch["events"]:
            first.setdefault(event["type"], event)
    return {"events": sorted(first.values(), key=lambda event: int(event["timestamp_ms"]))}
