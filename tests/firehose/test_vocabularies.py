"""The words of the protocol are those of mParticle's Java SDK 3.2.0, and two that are newer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import firehose
from firehose.message import MessageType
from firehose.vocabulary import Vocabulary

WORDS: dict[str, list[str]] = json.loads(
    Path(__file__).with_name("java_sdk_words.json").read_bytes()
)
"""By the Java class."""
# What Java nests in a class has a module-level name here.
NAMES = {
    "AuthenticationConfiguration.Type": "AuthenticationType",
    "DeviceIdentity.Type": "DeviceIdentityType",
    "DsrProcessingRequest.Type": "DsrType",
    "Event.Type": "EventType",
    "OpenDsrIdentity.Encoding": "OpenDsrEncoding",
    "OpenDsrIdentity.Type": "OpenDsrIdentityType",
    "ProductActionEvent.Action": "ProductAction",
    "PromotionActionEvent.Action": "PromotionAction",
    "PushSubscriptionEvent.Action": "PushSubscriptionAction",
    "RuntimeEnvironment.Type": "RuntimeEnvironmentType",
    "Setting.Type": "SettingType",
    "SystemNotification.Type": "SystemNotificationType",
    "UserIdentity.Type": "UserIdentityType",
}
NEWER = {"samsungtv", "tizen_advertising_id"}


def vocabulary(java_class: str) -> type[Vocabulary]:
    name = NAMES.get(java_class, java_class.rpartition(".")[2])
    found: type[Vocabulary] = getattr(firehose, name)
    return found


@pytest.mark.parametrize("java_class", WORDS)
def test_vocabulary_has_the_words_of_the_sdk(java_class: str) -> None:
    assert {word.value for word in vocabulary(java_class)} - NEWER == set(WORDS[java_class])


def test_every_public_vocabulary_has_a_class_in_the_sdk() -> None:
    public = {getattr(firehose, name) for name in firehose.__all__}
    ours = {it for it in public if isinstance(it, type) and issubclass(it, Vocabulary)}

    assert ours == {vocabulary(name) for name in WORDS} | {MessageType}


@pytest.mark.parametrize("value", [5, None, "", " "])
def test_word_is_text_with_letters(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid ProductAction"):
        firehose.ProductAction(value)


def test_newer_words_are_known() -> None:
    assert firehose.RuntimeEnvironmentType("samsungtv").is_known
    assert firehose.DeviceIdentityType("tizen_advertising_id").is_known


def test_words_are_those_of_the_schemas(sdk_samples: Path) -> None:
    schemas = (sdk_samples / "schema").glob("*.json")
    contents = {
        path.name.removesuffix("_schema.json"): json.loads(path.read_bytes()) for path in schemas
    }

    assert {name: it["enum"] for name, it in contents.items() if "enum" in it} == WORDS
