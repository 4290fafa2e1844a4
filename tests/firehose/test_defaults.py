"""What an object writes of which nothing was said: zeros, and little else."""

from __future__ import annotations

from typing import Any, get_type_hints

import pytest
from msgspec import structs

import firehose
from firehose import Encoding, Model, Secret
from firehose.writing import as_json_values

REQUIRED: dict[str, Any] = {
    "id": "a",
    "name": "A",
    "version": "1",
    "type": "email",
    "encoding": Encoding.RAW,
    "value": Secret("v"),
}
NO_ZERO = {"visible": True, "max_data_age_hours": 24}
TEXTS = {"type", "id", "firehose_version", "sdk_version", "purpose"}
MODELS = [
    it
    for it in (getattr(firehose, name) for name in firehose.__all__)
    if isinstance(it, type) and issubclass(it, Model) and it is not Model
]


def unsaid(model: type[Model]) -> dict[str, Any]:
    """Write an object with what it must have, and take that and the time away again."""
    required = [field.name for field in structs.fields(model) if field.required]
    given = {name: REQUIRED[name] for name in required}
    written = as_json_values(model(**given))
    return {name: it for name, it in written.items() if name not in {*given, "timestamp_ms"}}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_nobody_set_is_zero_or_left_out(model: type[Model]) -> None:
    numbers = {name: it for name, it in unsaid(model).items() if name not in TEXTS}
    hints = get_type_hints(model, include_extras=True)

    assert numbers == {name: NO_ZERO.get(name, 0) for name in numbers}
    # a flag that is false is left out, any other boolean is written
    booleans = {name for name, it in numbers.items() if isinstance(it, bool)}
    assert booleans == {name for name, hint in hints.items() if hint is bool}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_type_is_written_where_it_tells_a_class_from_others(model: type[Model]) -> None:
    tag = model.__struct_config__.tag

    assert unsaid(model).get("type") == (tag if isinstance(tag, str) else None)


def test_item_of_an_unknown_kind_without_type_has_an_empty_one() -> None:
    for model in (
        firehose.UnknownEvent,
        firehose.UnknownNotification,
        firehose.UnknownRuntimeEnvironment,
    ):
        assert model().type == ""


def test_consent_under_ccpa_is_about_the_sale_of_data() -> None:
    assert unsaid(firehose.CCPAConsentStateNotification)["purpose"] == "data_sale_opt_out"


def test_messages_are_of_version_3_2_0() -> None:
    written = unsaid(firehose.ModuleRegistrationResponse)
    assert (written["firehose_version"], written["sdk_version"]) == ("3.2.0", "3.2.0")
