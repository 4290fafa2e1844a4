"""What the protocol does not have is parted from an answer, wherever it stands."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firehose import InvalidMessage, decode
from probe.extra_fields import without_extra_fields

ANSWER: dict[str, Any] = {
    "type": "module_registration_response",
    "id": "c0ffee00-0000-4000-8000-000000000000",
    "timestamp_ms": 1_700_000_000_000,
    "firehose_version": "3.2.0",
    "sdk_version": "3.2.0",
    "name": "Acme",
    "version": "1",
    "permissions": {"user_identities": [{"type": "email", "encoding": "raw", "required": False}]},
    "event_processing_registration": {
        "account_settings": [
            {"type": "text", "id": "a", "name": "A"},
            {"type": "boolean", "id": "b", "name": "B"},
        ],
        "supported_event_types": ["custom_event"],
    },
}
OBJECTS: dict[str, tuple[str | int, ...]] = {
    "$": (),
    "$.permissions": ("permissions",),
    "$.permissions.user_identities[0]": ("permissions", "user_identities", 0),
    "$.event_processing_registration": ("event_processing_registration",),
    "$.event_processing_registration.account_settings[1]": (
        *("event_processing_registration", "account_settings", 1),
    ),
}
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(
    places=st.sets(st.sampled_from(sorted(OBJECTS))),
    name=st.text("xyz", min_size=1, max_size=5),
    value=json_values,
)
def test_what_was_added_is_named_and_nothing_else_is_taken(
    places: set[str], name: str, value: Any
) -> None:
    answer = copy.deepcopy(ANSWER)
    for place in places:
        holder: Any = answer
        for step in OBJECTS[place]:
            holder = holder[step]
        holder[name] = value

    known, extra = without_extra_fields(answer)

    assert known == ANSWER
    assert sorted(extra) == sorted(f"{place}.{name}" for place in places)
    decode(known, strict=True)


def test_what_is_no_message_is_refused() -> None:
    with pytest.raises(InvalidMessage):
        without_extra_fields({"type": "weather"})
