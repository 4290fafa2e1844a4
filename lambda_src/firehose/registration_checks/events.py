"""Rules E1 to E7: the events the integration supports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from firehose.event import EventType
from firehose.registration import EventProcessingRegistration
from firehose.registration_checks.finding import DOCS, INFERENCE, SDK, Finding, Rule
from firehose.runtime_environments import RuntimeEnvironmentType
from firehose.vocabulary import Vocabulary

E1 = Rule("E1", "error", f"{DOCS}; {SDK}")
E2 = Rule("E2", "error", f"{DOCS}; {SDK}")
E3 = Rule("E3", "error", f"{DOCS}; {SDK}, Event.Type")
E4 = Rule("E4", "warning", INFERENCE)
E5 = Rule("E5", "warning", DOCS)
E6 = Rule("E6", "error", DOCS)
E7 = Rule("E7", "warning", SDK)

NO_AGE_LIMIT = -1

_PATH = "$.event_processing_registration"


def check_events(events: EventProcessingRegistration) -> Iterator[Finding]:
    """Check the block of event processing."""
    yield from _check_words(E1, "supported_event_types", events.supported_event_types)
    platforms = events.supported_runtime_environments
    yield from _check_words(E2, "supported_runtime_environments", platforms)
    if RuntimeEnvironmentType.SAMSUNGTV in platforms:
        text = "samsungtv is newer than SDK 3.2.0; ask mParticle whether it is supported"
        yield E7(f"{_PATH}.supported_runtime_environments", text)
    yield from _check_push(events)
    age: object = events.max_data_age_hours
    if not isinstance(age, int) or isinstance(age, bool):
        yield E6(f"{_PATH}.max_data_age_hours", "must be a whole number of hours, or -1")
    elif age <= 0 and age != NO_AGE_LIMIT:
        text = f"{age} is no age; use a positive number of hours, or -1 for no limit"
        yield E6(f"{_PATH}.max_data_age_hours", text, severity="warning")


def _check_words(rule: Rule, field: str, words: Sequence[object]) -> Iterator[Finding]:
    if not words:
        yield rule(f"{_PATH}.{field}", "is empty, so nothing will be sent")
    for index, word in enumerate(words):
        if not (isinstance(word, Vocabulary) and word.is_known):
            yield rule(f"{_PATH}.{field}[{index}]", f"{word} is not known to mParticle")


def _check_push(events: EventProcessingRegistration) -> Iterator[Finding]:
    path = f"{_PATH}.push_messaging_provider_id"
    if events.push_messaging_provider_id:
        yield E5(path, "agree it with mParticle; it must be the key in your push payloads")
    elif EventType.PUSH_MESSAGE_RECEIPT in events.supported_event_types:
        yield E3(path, "is needed for push_message_receipt")
    elif EventType.PUSH_MESSAGE_OPEN in events.supported_event_types:
        yield E4(path, "is probably needed for push_message_open")
