"""By what a service can know a call for one that it has had."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.service_calls import ReceivedCall
from workbench.contract.calls_seen import most_tries, unrecognised

JsonBody = Mapping[str, object]


def call(
    content: object = None,
    *,
    body: bytes = b"",
    path: str = "/",
    method: str = "POST",
    headers: Mapping[str, str] | None = None,
) -> ReceivedCall:
    sent = json.dumps(content).encode() if content is not None else body
    return ReceivedCall(method=method, path=path, headers=headers or {}, body=sent)


def lines(*contents: object) -> bytes:
    return b"\n".join(json.dumps(it).encode() for it in contents)


KNOWN: dict[str, tuple[ReceivedCall, ReceivedCall, ReceivedCall]] = {
    "a key in a header": (
        call({"at": 1}, headers={"x-idempotency-key": "a"}),
        call({"at": 2}, headers={"x-idempotency-key": "a"}),
        call({"at": 3}, headers={"x-idempotency-key": "b"}),
    ),
    "an id in the body": (
        call({"event": {"insert_id": "a"}, "at": 1}),
        call({"event": {"insert_id": "a"}, "at": 2}),
        call({"event": {"insert_id": "b"}, "at": 3}),
    ),
    "an id in a list of the body": (
        call([{"messageId": "a", "at": 1}]),
        call([{"messageId": "a", "at": 2}]),
        call([{"messageId": "b", "at": 3}]),
    ),
    "an id in lines of JSON": (
        call(body=lines({"at": 1}, {"uuid": "a"})),
        call(body=lines({"at": 2}, {"uuid": "a"})),
        call(body=lines({"at": 3}, {"uuid": "b"})),
    ),
    "an id in a form": (
        call(body=urlencode({"event_id": "a", "at": "1"}).encode()),
        call(body=urlencode({"event_id": "a", "at": "2"}).encode()),
        call(body=urlencode({"event_id": "b", "at": "3"}).encode()),
    ),
    "an id in a compressed body": (
        call(body=gzip.compress(lines({"id": 7, "at": 1})), headers={"content-encoding": "gzip"}),
        call(body=gzip.compress(lines({"id": 7, "at": 2})), headers={"content-encoding": "gzip"}),
        call(body=gzip.compress(lines({"id": 8, "at": 3})), headers={"content-encoding": "gzip"}),
    ),
    "an id in the path": (
        call({"at": 1}, path="/events/a", method="PUT"),
        call({"at": 2}, path="/events/a", method="PUT"),
        call({"at": 3}, path="/events/b", method="PUT"),
    ),
    "the same call": (call({"at": 1}), call({"at": 1}), call({"at": 3})),
}
NEW: dict[str, tuple[ReceivedCall, ReceivedCall, ReceivedCall]] = {
    "an id of the user, which other messages have as well": (
        call({"user_id": "u", "at": 1}),
        call({"user_id": "u", "at": 2}),
        call({"user_id": "u", "at": 3}),
    ),
    "an id of the call": (call({"id": "a"}), call({"id": "b"}), call({"id": "c"})),
    "a time": (
        call({"timestamp": 1, "n": 1}),
        call({"timestamp": 1, "n": 2}),
        call({"timestamp": 3, "n": 3}),
    ),
    "another method": (
        call({"at": 1}, path="/a", method="PUT"),
        call({"at": 1}, path="/a", method="POST"),
        call({"at": 3}, path="/a", method="PUT"),
    ),
    "what cannot be read": (
        call(body=b"\x1f\x8b1", headers={"content-encoding": "gzip"}),
        call(body=b"\x1f\x8b2", headers={"content-encoding": "gzip"}),
        call(body=b"\x1f\x8b3", headers={"content-encoding": "gzip"}),
    ),
}


@pytest.mark.parametrize("calls", KNOWN.values(), ids=KNOWN)
def test_repetition_of_a_call_is_recognised(
    calls: tuple[ReceivedCall, ReceivedCall, ReceivedCall],
) -> None:
    first, again, other = calls

    assert unrecognised([again], [first], [other]) == 0


@pytest.mark.parametrize("calls", NEW.values(), ids=NEW)
def test_new_call_is_not_taken_for_a_repetition(
    calls: tuple[ReceivedCall, ReceivedCall, ReceivedCall],
) -> None:
    first, again, other = calls

    assert unrecognised([again], [first], [other]) == 1


bodies = st.binary(max_size=30) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
).map(lambda it: json.dumps(it).encode())
encodings = st.sampled_from([{}, {"content-encoding": "gzip"}, {"request-id": "r"}])


@given(
    st.lists(st.builds(lambda body, headers: call(body=body, headers=headers), bodies, encodings))
)
def test_calls_that_come_just_as_before_are_never_new(calls: list[ReceivedCall]) -> None:
    assert unrecognised(calls, calls, calls) == 0


def test_tries_are_those_of_the_most_repeated_call() -> None:
    each = [call({"user": number}) for number in range(3)]

    assert most_tries([]) == 0
    assert most_tries(each) == 1
    assert most_tries([*each, each[0]]) == 2
