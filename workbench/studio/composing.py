"""Messages to send: made up in the shape of the registration, checked as the endpoint checks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from endpoint.answering import read
from firehose import InvalidMessage
from firehose.processor import MESSAGE_HOOKS
from probe.customer_settings import with_settings
from probe.sample_messages import SampleKind, sample_messages, some_seed
from probe.sample_shape import SampleShape
from workbench.message_schemas import message_schemas
from workbench.studio.session import StudioSession


def samples(
    session: StudioSession, kind: SampleKind, settings: Mapping[str, str], count: int
) -> Iterator[Any]:
    """Make up messages that mParticle would send to what is loaded. Raises `NotLoaded`."""
    shape = SampleShape.of(session.stage.registration())
    made = sample_messages([kind], seed=some_seed(), shape=shape)
    for message in islice(made, count):
        yield with_settings(message, settings) if settings else message


def checked(content: bytes) -> dict[str, str]:
    """Say which message it is, or what is wrong with it and where."""
    try:
        request = read(content)
    except InvalidMessage as error:
        return {"problem": error.reason, "path": error.path, "type": error.message_type or ""}
    return {"problem": "", "path": "", "type": request.type}


def with_entered(content: bytes, settings: Mapping[str, str]) -> Any:
    """Put what a customer entered into a message. Raises `ValueError` for what is no message."""
    message = json.loads(content)
    if not isinstance(message, dict):
        raise ValueError("it is no JSON object")
    return with_settings(message, settings)


def request_schemas() -> dict[str, Any]:
    """Give the JSON Schema of every request, and the name of the one of each message type."""
    names = {it.__struct_config__.tag: it.__name__ for it in MESSAGE_HOOKS}
    return {"schemas": message_schemas(), "types": names}
