"""Properties that hold for every message, whatever is in it."""

from __future__ import annotations

import json
import types
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from firehose import InvalidMessage, Message, Model, Secret, decode, encode, to_dict
from firehose.codec import MESSAGES
from firehose.instant import Instant
from firehose.model import Flag, Integer, RawObject, Uuid
from firehose.numeric import MOST_DIGITS, Amount
from firehose.reading import Reader
from firehose.vocabulary import Vocabulary
from firehose.writing import as_json_values

EXAMPLES = settings().max_examples
unshrunk = settings(
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking a whole batch takes minutes
    suppress_health_check=list(HealthCheck),
)

OWN = [path.read_bytes() for path in sorted((Path(__file__).parent / "messages").glob("*.json"))]
SURROGATES = st.characters(exclude_categories=())

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(SURROGATES, max_size=8) | st.sampled_from(["ios", "email", "raw", "true", "1e999"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip

text = st.text(SURROGATES, max_size=8)
of_type: dict[Any, st.SearchStrategy[Any]] = {
    types.NoneType: st.none(),
    str: text,
    Integer: st.integers(-(10**MOST_DIGITS) + 1, 10**MOST_DIGITS - 1),
    float: st.floats(),
    bool: st.booleans(),
    Flag: st.booleans(),
    Uuid: st.uuids().map(str),
    Amount: st.decimals("-1e300", "1e300", allow_nan=False),
    Secret: text.filter(bool).map(Secret),
    Instant: st.integers(-(10**10), 10**10).map(Instant),
    RawObject: st.dictionaries(text, json_values, max_size=2).map(RawObject),
}


@cache
def values(hint: Any) -> st.SearchStrategy[Any]:
    """Generate values of one type annotation of the model."""
    origin, arguments = get_origin(hint), get_args(hint)
    if hint in of_type:
        return of_type[hint]
    if origin is list:
        return st.lists(values(arguments[0]), max_size=2)
    if origin is dict:
        return st.dictionaries(values(arguments[0]), values(arguments[1]), max_size=2)
    if origin is Annotated:
        return values(arguments[0]) | values(arguments[1].unknown)
    if arguments:
        return st.one_of([values(argument) for argument in arguments])
    return words(hint) if issubclass(hint, Vocabulary) else objects(hint)


@cache
def words(vocabulary: type[Vocabulary]) -> st.SearchStrategy[Vocabulary]:
    return st.sampled_from(list(vocabulary)) | st.just(vocabulary("novelty"))


# Required, or with a default that takes the place of nothing.
NEVER_EMPTY = {"id", "type", "name", "version", "firehose_version", "sdk_version", "purpose"}


@cache
def objects(model: type[Model]) -> st.SearchStrategy[Model]:
    """Generate objects of one class, with and without unknown fields."""

    def build() -> st.SearchStrategy[Model]:
        hints = get_type_hints(model, include_extras=True)
        fields = {name: values(hints[name]) for name in model.__struct_fields__}
        for name in NEVER_EMPTY & set(fields):
            fields[name] = values(hints[name]).filter(bool)
        unknown = st.dictionaries(st.sampled_from(["x_new", "x_newer"]), json_values, max_size=1)
        return st.builds(with_unknown, st.builds(model, **fields), unknown)

    return st.deferred(build)


def with_unknown(built: Model, unknown: dict[str, Any]) -> Model:
    if unknown:
        built.unknown_fields.update(unknown)
    return built


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
