"""What an integration has of hooks that it did not write, and of classes that it derives from."""

from __future__ import annotations

import json
from typing import Any

from firehose import EventProcessingRequest, EventProcessingResponse, decode
from tests.firehose.conftest import MESSAGES, Registered


def test_events_that_nobody_takes_are_acknowledged() -> None:
    content = json.loads((MESSAGES / "event_batch_web_all_events.json").read_bytes())
    content["events"].append({"type": "teleport"})
    content["system_notifications"].append({"type": "weather"})
    batch = decode(content)
    assert isinstance(batch, EventProcessingRequest)

    answer = Registered().process(batch)

    assert isinstance(answer, EventProcessingResponse)
    assert answer.id == batch.id


def test_class_beside_the_processor_learns_who_derives_from_it() -> None:
    heirs: list[str] = []

    class Registry:
        def __init_subclass__(cls, **given: Any) -> None:
            super().__init_subclass__(**given)
            heirs.append(cls.__name__)

    type("Integration", (Registered, Registry), {})

    assert heirs == ["Integration"]
