"""Variations of canonical JSON (`sample_parts.json`): the same seed gives the same draws.

A text such as `$guid` or `$int 1 4` is drawn (see `Variation.draws`), `{name}` in any other is the
person's; a list that begins with `$some 3` keeps one to three of its items. A name that ends in `?`
is left out of every other message or so, one that ends in `+` unless `newer` is asked for.

Nobody exists: domains (RFC 2606), telephone numbers 555-0100 to 555-0199 and addresses (RFC 5737)
are reserved.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import firehose
from firehose import Encoding, OpenDsrIdentityType, UserIdentityType
from firehose.vocabulary import Vocabulary
from probe.endpoint_answer import Json
from probe.sample_shape import NEWER_WORDS, SampleShape

_FIRST = ("Amber", "Azure", "Coral", "Indigo", "Ivory", "Jade", "Lilac", "Ochre", "Ruby", "Teal")
_LAST = ("Badger", "Crane", "Fox", "Heron", "Lynx", "Marten", "Otter", "Raven", "Stoat", "Wren")
_CITIES = {"Utrecht": (52.09, 5.12), "Denver": (39.74, -104.99), "Hobart": (-42.88, 147.33)}
_DOMAINS = ("example.com", "example.net", "example.org")
_DRAW = re.compile(r"\$[a-z]")
_YEAR_MS = 365 * 24 * 3_600 * 1_000


@cache
def sample_parts() -> dict[str, Json]:
    """Read the canonical parts: `message`, `event`, `platform` and `part`, each by its name."""
    content: dict[str, Json] = json.loads(
        Path(__file__).with_name("sample_parts.json").read_text("utf-8")
    )
    return content


class Variation:
    """Draws for one message after the other, about one person until `meet` makes up the next.

    `draws` has what follows a `$`; whoever composes messages may add to it.
    """

    def __init__(self, seed: int, shape: SampleShape) -> None:
        self.random = Random(seed)  # noqa: S311 - data for tests, never secrets
        self.shape = shape
        self.moment_ms = 0
        self.draws: dict[str, Callable[[str], Any]] = {
            "guid": lambda _: self.guid(),
            "bool": lambda _: self.random.random() < 0.5,
            "int": lambda bounds: self.random.randint(*map(int, bounds.split())),
            "ago": lambda _: self.moment_ms - self.random.randrange(_YEAR_MS),
            "one": lambda texts: self._said(self.random.choice(texts.split("|"))),
            "word": self._word,
            "part": lambda name: self.filled(sample_parts()["part"][name]),
            "json": lambda name: json.dumps(self.filled(sample_parts()["part"][name])),
            "identity": self._identity,
            "identities": lambda _: self._identities(),
            "device": self._device,
            "subjects": lambda _: self._subjects(),
        }
        self.meet()

    def meet(self) -> None:
        """Make up somebody."""
        self._person: dict[str, Any] = {
            "first": self.random.choice(_FIRST),
            "last": self.random.choice(_LAST),
            "city": self.random.choice(sorted(_CITIES)),
            "number": self.random.randrange(10**6),
            "mpid": self.signed_64_bit(),
        }

    def guid(self) -> str:
        """Draw an id in the form of a random UUID."""
        return str(uuid.UUID(int=self.random.getrandbits(128), version=4))

    def signed_64_bit(self) -> int:
        """Draw a number of the whole range that mParticle's ids of sessions and profiles have."""
        return self.random.getrandbits(64) - 2**63

    def some(self, items: Sequence[Any], most: int) -> list[Any]:
        """Draw one to `most` different items; none where there are none."""
        if not items:
            return []
        return self.random.sample(items, self.random.randint(1, min(most, len(items))))

    def location(self) -> Json:
        """Give where the person is."""
        latitude, longitude = _CITIES[self._person["city"]]
        return {"latitude": latitude, "longitude": longitude, "accuracy": 65.0}

    def filled(self, value: Any) -> Any:
        """Give a canonical value with everything in it drawn."""
        if isinstance(value, dict):
            return {
                name.rstrip("?+"): self.filled(content)
                for name, content in value.items()
                if self._has(name)
            }
        if isinstance(value, list):
            return self._filled_list(value)
        if not isinstance(value, str):
            return value
        if not _DRAW.match(value):
            return self._said(value)
        what, _, argument = value[1:].partition(" ")
        return self.draws[what](argument)

    def _filled_list(self, items: list[Any]) -> list[Any]:
        if items and isinstance(items[0], str) and items[0].startswith("$some "):
            items = self.some(items[1:], int(items[0].split()[1]))
        return [it for it in map(self.filled, items) if it is not None]

    def _has(self, name: str) -> bool:
        if name.endswith("+"):
            return self.shape.newer
        return not name.endswith("?") or self.random.random() < 0.4

    def _said(self, text: str) -> str:
        return text.format_map(self._person) if "{" in text else text

    def _word(self, vocabulary: str) -> str:
        words: type[Vocabulary] = getattr(firehose, vocabulary)
        return self.random.choice(list(words)).value

    def _identities(self) -> list[Json]:
        kinds = self.some(sorted(self.shape.user_identities), 4)
        required = self.shape.required
        if required and not set(required) & set(kinds):
            kinds.append(self.random.choice(required))
        return [it for it in map(self._identity, kinds) if it is not None]

    def _subjects(self) -> Json:
        kinds = self.some(list(OpenDsrIdentityType), 4)
        return {kind.value: self._subject(kind) for kind in kinds}

    def _any(self, permitted: Mapping[str, object]) -> str:
        known = [it for it in sorted(permitted) if self.shape.newer or it not in NEWER_WORDS]
        return self.random.choice(known) if known else ""

    def _identity(self, kind: str) -> Json | None:
        """Give a user identity, as it is or hashed as mParticle hashes: trimmed and lower case."""
        kind = kind or self._any(self.shape.user_identities)
        encodings = self.shape.user_identities.get(kind)
        if not encodings:
            return None
        encoding, text = self.random.choice(encodings), self._identity_text(kind)
        return {"type": kind, "encoding": encoding, "value": encoded(text, encoding)}

    def _identity_text(self, kind: str) -> str:
        number: int = self._person["number"]
        if kind == UserIdentityType.EMAIL:
            return self._said("{first}.{last}.{number}@").lower() + self.random.choice(_DOMAINS)
        if kind == UserIdentityType.MOBILE_NUMBER or kind.startswith("phone_number"):
            return f"+1202555{100 + number % 100:04}"
        return f"{kind}-{number}"

    def _device(self, kind: str) -> Json | None:
        kind = kind or self._any(self.shape.device_identities)
        encodings = self.shape.device_identities.get(kind)
        if not encodings or (kind in NEWER_WORDS and not self.shape.newer):
            return None
        encoding = self.random.choice(encodings)
        return {"type": kind, "encoding": encoding, "value": encoded(self.guid(), encoding)}

    def _subject(self, kind: OpenDsrIdentityType) -> Json:
        is_email = kind is OpenDsrIdentityType.EMAIL
        value = self._identity_text("email") if is_email else self.guid()
        return {"encoding": "raw", "value": value}


def encoded(text: str, encoding: str) -> str:
    """Give a text as mParticle sends it: as it is, or hashed after trimming and lower-casing."""
    if encoding == Encoding.RAW:
        return text
    return hashlib.new(encoding, text.strip().lower().encode(), usedforsecurity=False).hexdigest()
