"""Messages for the tests: our own small ones, and mParticle's samples where they are present."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from firehose import (
    EventProcessingRequest,
    Message,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    decode,
    encode,
)

MESSAGES = Path(__file__).parent / "messages"
SDK = Path(__file__).parents[3] / "shared" / "firehose-sdk-3.2.0"
MESSAGE_ID = "0a8e6a3c-3f2b-4c55-9b0e-6f3c1d2e4b5a"
Read = Callable[..., EventProcessingRequest]
Written = Callable[..., Any]


class Registered(MessageProcessor):
    """The least an integration writes."""

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        return ModuleRegistrationResponse(id=request.id, name="Acme", version="1.0")


@pytest.fixture(params=sorted(path.stem for path in MESSAGES.glob("*.json")))
def own_message(request: pytest.FixtureRequest) -> bytes:
    return (MESSAGES / f"{request.param}.json").read_bytes()


@pytest.fixture
def batch() -> dict[str, Any]:
    """Return an event batch from iOS, as a dict to change at will."""
    parsed: dict[str, Any] = json.loads((MESSAGES / "event_batch_ios.json").read_bytes())
    return parsed


@pytest.fixture
def sdk_samples() -> Path:
    """Return the folder of mParticle's own samples and schemas."""
    if not SDK.is_dir():
        pytest.skip("mParticle's SDK samples are not beside this repository")
    return SDK


@pytest.fixture
def written() -> Written:
    """Read a message of the given fields, write it, and return what was written."""

    def rewrite(**fields: Any) -> Any:
        raw = json.dumps({"id": MESSAGE_ID, "timestamp_ms": 1} | fields)
        out = json.loads(encode(decode(raw)))
        for name in ("type", "id", "timestamp_ms", "firehose_version"):
            out.pop(name, None)
        return out

    return rewrite


@pytest.fixture
def event_request() -> Read:
    """Read an event batch of the given fields."""

    def read(**fields: Any) -> EventProcessingRequest:
        message: Message = decode({"type": "event_processing_request", "id": MESSAGE_ID} | fields)
        assert isinstance(message, EventProcessingRequest)
        return message

    return read
