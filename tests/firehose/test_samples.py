"""Whole messages: ours and mParticle's, and the model against mParticle's schemas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import firehose
from firehose import InvalidMessage, Request, decode, encode, to_dict

# Getters that the schema generator took for fields (see the samples' README).
ARTEFACTS = {"request", "debug", "crash", "enabled", "httpHeaderUserAgent", "gdpr", "ccpa"}
OUR_ADDITIONS = {
    "DsrProcessingRequest": {"extensions"},  # on the wire, ignored by the Java SDK
    "Identity": {"type"},  # the Java SDK declares it in each subclass
}
# Dead code in the Java SDK; ours is the generic object for platforms that are not known.
NOT_REPRODUCED = {"UnknownRuntimeEnvironment"}


def test_our_messages_return_as_they_came(own_message: bytes) -> None:
    assert to_dict(decode(own_message)) == json.loads(own_message)


def test_our_messages_read_the_same_from_bytes_text_dict_and_strictly(own_message: bytes) -> None:
    message = decode(own_message)
    assert decode(own_message.decode()) == message
    assert decode(json.loads(own_message)) == message
    assert decode(own_message, strict=True) == message
    assert decode(encode(message)) == message


def test_clean_message_is_read_without_the_tolerant_reader(
    own_message: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("firehose.codec._tolerant", None)

    message = decode(json.loads(own_message))

    if isinstance(message, Request):  # responses are read from bytes by tests and checks only
        assert decode(own_message) == message


def test_the_samples_return_as_they_came_but_for_the_form_of_the_time(sdk_samples: Path) -> None:
    for path in sorted((sdk_samples / "examples").glob("*.json")):
        sent = json.loads(path.read_bytes())
        out = to_dict(decode(path.read_bytes()))
        if "submitted_time" in sent:
            assert out.pop("submitted_time") == "2024-05-01T19:45:44.067235Z"
            del sent["submitted_time"]
        assert out == sent, path.name


def test_the_samples_pass_strict_reading(sdk_samples: Path) -> None:
    for path in sorted((sdk_samples / "examples").glob("*.json")):
        assert decode(path.read_bytes(), strict=True) == decode(path.read_bytes())


def test_every_schema_has_a_class_with_its_fields(sdk_samples: Path) -> None:
    for name, schema in _schemas(sdk_samples):
        if "properties" not in schema or name in NOT_REPRODUCED:
            continue
        ours = getattr(firehose, name)
        fields = set(ours.__struct_fields__) - OUR_ADDITIONS.get(name, set())
        if isinstance(getattr(ours, "type", None), property) and "type" in schema["properties"]:
            fields.add("type")
        assert fields == set(schema["properties"]) - ARTEFACTS, name


def test_strict_reading_names_the_first_departure(batch: dict[str, Any]) -> None:
    batch["events"][1]["products"][0]["position"] = "1"
    with pytest.raises(InvalidMessage) as refusal:
        decode(batch, strict=True)
    assert refusal.value.path == "$.events[1].products[0].position"
    assert refusal.value.reason == "expected a whole number, found text"


def _schemas(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    paths = sorted((folder / "schema").glob("*.json"))
    return [
        (path.name.removesuffix("_schema.json"), json.loads(path.read_bytes())) for path in paths
    ]
