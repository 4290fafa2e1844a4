"""Calls that reached the service, and which of them the service can know for repetitions.

A service knows one by a key in a header or in the body, or because the whole call is the same.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import parse_qsl

from local.service_calls import ReceivedCall
from local.stand_in import StandIn

_KEY_HEADER = re.compile(r"idempoten|dedup|(request|message|event|transaction)-?id$")
_KEY_FIELD = re.compile(r"(id|key|uuid|guid)$")


class CallsSeen:
    """What arrives at a service from now on."""

    def __init__(self, service: StandIn) -> None:
        self._service = service
        self._mark = len(service.received)

    def __len__(self) -> int:
        return len(self._service.received) - self._mark

    def take(self) -> list[ReceivedCall]:
        """Give what has arrived since the last time."""
        taken = self._service.received[self._mark :]
        self._mark += len(taken)
        return taken


def unrecognised(
    again: Sequence[ReceivedCall], first: Sequence[ReceivedCall], others: Sequence[ReceivedCall]
) -> int:
    """Count the calls of a second delivery that its service takes for something new.

    `others` are calls of another message: what they have as well is no key of this one.
    """
    whole = {_whole(call) for call in first}
    shared = {key for call in others for key in _keys(call)}
    known = {key for call in first for key in _keys(call)} - shared
    return sum(_whole(call) not in whole and known.isdisjoint(_keys(call)) for call in again)


def most_tries(calls: Sequence[ReceivedCall]) -> int:
    """Count how often the most repeated of the calls was made."""
    return max(Counter(_whole(call) for call in calls).values(), default=0)


def _whole(call: ReceivedCall) -> tuple[str, str, bytes]:
    return call.method, call.path, call.body


def _keys(call: ReceivedCall) -> set[tuple[str, str]]:
    keys = {("path", f"{call.method} {call.path}")}
    keys |= {
        (name, text) for name, text in call.headers.items() if _KEY_HEADER.search(name) and text
    }
    return keys | {(path, text) for path, text in _fields(call) if _KEY_FIELD.search(path.lower())}


def _fields(call: ReceivedCall) -> Iterator[tuple[str, str]]:
    """Give the texts and numbers of a body by their paths: JSON, JSON lines, or a form."""
    text = _text(call)
    try:
        yield from _leaves(json.loads(text), "")
        return
    except ValueError:
        pass
    for line in text.splitlines():
        try:
            yield from _leaves(json.loads(line), "")
        except ValueError:
            yield from parse_qsl(line)


def _text(call: ReceivedCall) -> str:
    body = call.body
    if call.headers.get("content-encoding", "").lower() == "gzip":
        try:
            body = gzip.decompress(body)
        except (OSError, EOFError, zlib.error):
            return ""
    return body.decode("utf-8", "replace")


def _leaves(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, item in value.items():
            yield from _leaves(item, f"{path}.{name}")
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, path)
    elif isinstance(value, str | int) and value != "":
        yield path, str(value)
