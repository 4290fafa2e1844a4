"""Properties that hold for every message, whatever is in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from firehose import InvalidMessage, Message, Model, decode, encode, to_dict
from firehose.codec import MESSAGES
from firehose.reading import Reader
from firehose.writing import as_json_values
from tests.firehose.any_message import (
    SURROGATES,
    json_values,
    objects,
)

EXAMPLES = settings().max_examples
unshrunk = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole batch takes minutes
    suppress_health_check=list(HealthCheck),
)
OWN = [path.read_bytes() for path in sorted((Path(__file__).parent / "messages").glob("*.json"))]


def all_models(model: type[Model] = Model) -> list[type[Model]]:
    below = [kind for child in model.__subclasses__() for kind in all_models(child)]
    return [model, *below] if model.__struct_fields__ and model.__doc__ else below


MODELS = sorted(set(all_models()), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
@settings(unshrunk, max_examples=EXAMPLES // 5)
@given(data=st.data())
def test_every_class_returns_from_the_wire_as_it_was_written(
    model: type[Model], data: st.DataObject
) -> None:
    built = data.draw(objects(model))
    written = as_json_values(built)
    again = Reader(strict=False).read(model, written)
    assert serialise(as_json_values(again)) == serialise(written)


@pytest.mark.parametrize("model", MESSAGES, ids=lambda model: model.__name__)
@settings(unshrunk, max_examples=EXAMPLES // 2)
@given(data=st.data())
def test_writing_what_was_read_changes_nothing(model: type[Message], data: st.DataObject) -> None:
    message = data.draw(objects(model))
    assert isinstance(message, Message)
    read = decode(encode(message))
    raw = encode(read)
    assert type(read) is model
    assert encode(decode(raw)) == raw
    assert to_dict(decode(to_dict(read))) == to_dict(read)


@unshrunk
@given(raw=st.binary(max_size=40) | st.text(SURROGATES, max_size=40) | json_values)
def test_no_input_raises_anything_but_invalid_message(raw: Any) -> None:
    with pytest.raises(InvalidMessage):
        decode(raw)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """List the paths of everything inside a parsed message."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    found = []
    for step, child in steps:
        found.append((*path, step))
        if isinstance(child, dict | list):
            found += places(child, (*path, step))
    return found


def mutate(message: Any, path: tuple[Any, ...], change: Any, *, delete: bool) -> Any:
    parent = message
    for step in path[:-1]:
        parent = parent[step]
    if delete:
        del parent[path[-1]]
    else:
        parent[path[-1]] = change
    return message


@st.composite
def mutated_messages(draw: st.DrawFn) -> Any:
    message = json.loads(draw(st.sampled_from(OWN)))
    for _ in range(draw(st.integers(1, 3))):
        if paths := places(message):
            message = mutate(
                message, draw(st.sampled_from(paths)), draw(json_values), delete=draw(st.booleans())
            )
    return message


@settings(unshrunk, max_examples=4 * EXAMPLES)
@given(message=mutated_messages())
def test_a_damaged_message_is_read_or_refused_and_never_crashes(message: Any) -> None:
    readings: list[Message | None] = []
    for data in (json.dumps(message), message):
        try:
            readings.append(decode(data))
        except InvalidMessage:
            readings.append(None)
        try:
            strictly = decode(data, strict=True)
        except InvalidMessage:
            continue
        assert type(strictly) is type(readings[-1])
    from_text, from_dict = readings
    assert (from_text is None) == (from_dict is None)
    if from_text is not None and message.get("id") and "timestamp_ms" in message:
        settled = encode(decode(encode(from_text)))  # a null envelope field gets its default here
        assert encode(decode(settled)) == settled


@unshrunk
@given(
    raw=st.sampled_from(OWN),
    name=st.sampled_from(["x_new", "X New", "ø"]),
    new=json_values,
    data=st.data(),
)
def test_unknown_data_survives_wherever_an_object_has_a_shape(
    raw: bytes, name: str, new: Any, data: st.DataObject
) -> None:
    message = json.loads(raw)
    objects_with_shape = [(), *(place for place in places(message) if _has_shape(message, place))]
    path = data.draw(st.sampled_from(objects_with_shape))
    target = message
    for step in path:
        target = target[step]
    target[name] = new
    assert to_dict(decode(json.dumps(message))) == _replaced(message)
    assert to_dict(decode(message)) == _replaced(message)


MAPS = {
    "account_settings", "user_attributes", "user_attribute_lists", "integration_attributes",
    "attributes", "custom_flags", "added", "removed", "gdpr_consent_state", "ccpa_consent_state",
    "apple_search_ads_attribution", "subject_identities", "extensions",
    "audience_subscription_settings", "previous_audience_subscription_settings",
}  # fmt: skip


def _has_shape(message: Any, path: tuple[Any, ...]) -> bool:
    value = message
    for step in path:
        value = value[step]
    return (
        isinstance(value, dict)
        and path[-1] not in MAPS
        and not ({"apple_search_ads_attribution", "extensions"} & set(path))
    )


def _replaced(value: Any) -> Any:
    """Parse a message as its UTF-8 would be, with halves of surrogate pairs replaced."""
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, dict):
        return {_replaced(name): _replaced(item) for name, item in value.items()}
    return [_replaced(item) for item in value] if isinstance(value, list) else value


def serialise(values: Any) -> bytes:
    return msgspec.json.Encoder(decimal_format="number").encode(_replaced(values))


@unshrunk
@given(message=st.sampled_from(OWN).map(json.loads))
def test_the_fast_and_the_tolerant_reader_agree(message: Any) -> None:
    fast = decode(message)
    assert Reader(strict=False).read(type(fast), message) == fast
    assert Reader(strict=True).read(type(fast), message) == fast
