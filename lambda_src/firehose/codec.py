"""Bytes to messages and back.

A clean message is read by msgspec in one go. Anything else is read again by `reading.Reader`,
which forgives what mParticle's own SDK forgives, or tells what is wrong and where.
"""

from __future__ import annotations

import operator
from decimal import Decimal
from functools import reduce
from typing import Any, NoReturn

import msgspec

from firehose.audiences import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    AudienceSubscriptionRequest,
    AudienceSubscriptionResponse,
)
from firehose.batch import EventProcessingRequest, EventProcessingResponse
from firehose.coercion import Refusal
from firehose.dsr import DsrProcessingRequest, DsrProcessingResponse
from firehose.errors import InvalidMessage, is_lower_case_uuid, is_uuid
from firehose.message import Message, Request
from firehose.reading import Reader, make_custom
from firehose.registration import ModuleRegistrationRequest, ModuleRegistrationResponse
from firehose.writing import as_json_values

MESSAGES: tuple[type[Message], ...] = (
    ModuleRegistrationRequest, ModuleRegistrationResponse,
    EventProcessingRequest, EventProcessingResponse,
    AudienceSubscriptionRequest, AudienceSubscriptionResponse,
    AudienceMembershipChangeRequest, AudienceMembershipChangeResponse,
    DsrProcessingRequest, DsrProcessingResponse,
)  # fmt: skip

_BY_TYPE = {message.__struct_config__.tag: message for message in MESSAGES}
# Of requests only: to read responses, which is for tests and checks, takes longer to prepare.
_clean = msgspec.json.Decoder(
    reduce(operator.or_, (message for message in MESSAGES if issubclass(message, Request))),
    dec_hook=make_custom,
    float_hook=Decimal,
)
_json = msgspec.json.Decoder(float_hook=Decimal)
_json_floats = msgspec.json.Decoder(float_hook=float)
_encoder = msgspec.json.Encoder(decimal_format="number")
_tolerant = Reader(strict=False)
_strict = Reader(strict=True)

# Whatever an odd input makes the parsers and the classes raise; none of it is a bug of ours.
_UNREADABLE = (ValueError, TypeError, ArithmeticError, RecursionError)


def decode(data: bytes | str | dict[str, Any], *, strict: bool = False) -> Message:
    """Read a message from JSON, or from a dict that JSON was parsed into.

    Reading is tolerant: what mParticle adds later is kept and values may come in other JSON types.
    With `strict`, for tests, all of that is refused.

    Raises:
        InvalidMessage: the only exception, whatever the input. Its text holds no value of it.

    """
    if strict:
        return _decode_by(_strict, data)
    message = _decode_clean(data) or _decode_by(_tolerant, data)
    if not is_lower_case_uuid(message.id):
        message.id = _normal_id(message)
    return message


def _decode_clean(data: bytes | str | dict[str, Any]) -> Message | None:
    """Read at C speed, or return None if anything is unusual."""
    try:
        if isinstance(data, dict):
            return msgspec.convert(data, _BY_TYPE[data["type"]], dec_hook=make_custom)
        return _clean.decode(data)
    except (KeyError, *_UNREADABLE):
        return None


def encode(message: Message) -> bytes:
    """Write a message as compact JSON."""
    values = as_json_values(message)
    try:
        return _encoder.encode(values)
    except UnicodeEncodeError:
        return _encoder.encode(_without_surrogates(values))


def to_dict(message: Message) -> dict[str, Any]:
    """Return what `encode` writes, parsed: for Lambda handlers, which return a dict."""
    content: dict[str, Any] = _json_floats.decode(encode(message))
    return content


def _decode_by(reader: Reader, data: bytes | str | dict[str, Any]) -> Message:
    content = _parse(data) if isinstance(data, str | bytes | bytearray | memoryview) else data
    if not isinstance(content, dict):
        raise InvalidMessage("is not a JSON object")
    message_id, kind = content.get("id"), content.get("type")
    model = _BY_TYPE.get(kind) if isinstance(kind, str) else None
    try:
        if model is None:
            raise Refusal("is not a known type" if "type" in content else "is missing", ".type")
        return reader.read(model, content)
    except Refusal as error:
        refusal = error
    except _UNREADABLE:
        refusal = Refusal("is not in a readable form")
    # Raised outside of `except`: an exception in the context could quote the payload.
    raise InvalidMessage(
        refusal.reason, path=f"${refusal.path}", message_id=message_id, message_type=kind
    )


def _parse(data: bytes | str) -> Any:
    try:
        return _json.decode(data)
    except _UNREADABLE:
        pass
    return _parse_unusual(data)


def _parse_unusual(data: bytes | str) -> Any:
    """Parse what msgspec refuses: UTF-16, a byte-order mark, half of a surrogate pair."""
    import json  # noqa: PLC0415 — hardly ever needed, and this package starts fast

    def refuse(_constant: str) -> NoReturn:
        raise ValueError

    try:
        return json.loads(data, parse_float=Decimal, parse_constant=refuse)
    except json.JSONDecodeError as error:
        reason = f"is not JSON (line {error.lineno}, column {error.colno})"
    except _UNREADABLE:
        reason = "is not JSON"
    raise InvalidMessage(reason)  # outside of `except`, as above


def _normal_id(message: Message) -> str:
    if message.id and not is_uuid(message.id):
        raise InvalidMessage("is not a GUID", path="$.id", message_type=message.type)
    return message.id.lower()


def _without_surrogates(value: Any) -> Any:
    """Replace halves of surrogate pairs, which UTF-8 cannot carry, by U+FFFD."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_without_surrogates(k): _without_surrogates(v) for k, v in value.items()}
    if isinstance(value, list):
        return [_without_surrogates(item) for item in value]
    return value
