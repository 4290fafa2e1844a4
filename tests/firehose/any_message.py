"""Hypothesis strategies: every class of the protocol with any values, as its annotations allow."""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from firehose import Model, Secret
from firehose.instant import Instant
from firehose.model import Flag, Integer, RawObject, Uuid
from firehose.numeric import LARGEST_EXPONENT, MOST_DIGITS, Amount
from firehose.vocabulary import Vocabulary

# Required, or with a default that takes the place of nothing.
NEVER_EMPTY = {"id", "type", "name", "version", "firehose_version", "sdk_version", "purpose"}

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
    Amount: st.decimals("-1e300", "1e300", allow_nan=False).filter(
        lambda amount: amount.adjusted() >= -LARGEST_EXPONENT
    ),
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
