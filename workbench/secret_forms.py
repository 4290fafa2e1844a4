"""The forms in which a secret text comes up again: as it is, written in other notations, hashed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

_PERCENT = re.compile(r"%[0-9A-F]{2}")


def written(text: str) -> frozenset[str]:
    """Give a text as it stands in a URL, in JSON (also JSON inside JSON) and in Python's `repr`."""
    encoded = {
        form(text, safe=safe, errors="replace")
        for form in (quote, quote_plus)
        for safe in ("", "/")
    }
    lower = {_PERCENT.sub(lambda found: found[0].lower(), form) for form in encoded}
    once = {*_in_json(text)}
    twice = {form for escaped in once for form in _in_json(escaped)}
    # a repr chooses its quotes by the whole text, of which this may be a part
    shown = repr(text)[1:-1]
    return frozenset({text, shown, shown.replace("'", "\\'"), *encoded, *lower, *once, *twice})


def hashed(text: str) -> frozenset[str]:
    """Give the hashes that an identity is sent as: of the text, and trimmed in lower case."""
    contents = {text.encode(errors="replace"), text.strip().lower().encode(errors="replace")}
    digests = {
        hashlib.new(name, content, usedforsecurity=False).hexdigest()
        for name in ("md5", "sha1", "sha256")
        for content in contents
    }
    return frozenset(digests | {digest.upper() for digest in digests})


def _in_json(text: str) -> Iterator[str]:
    for ascii_only in (True, False):
        escaped = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
        yield escaped
        yield escaped.replace("/", "\\/")
