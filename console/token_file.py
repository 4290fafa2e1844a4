"""The token that mParticle generated for the URLs, as a person hands it to a command."""

from __future__ import annotations

import sys
from pathlib import Path

from console.exit_codes import UsageError

STANDARD_INPUT = "-"
LONGEST_TOKEN = 4_096
"""API Gateway takes 10,240 bytes of headers in all."""


def is_token(word: str) -> bool:
    """Whether a word can be a token in an `Authorization` header: visible ASCII without commas."""
    is_visible = word.isascii() and word.isprintable() and " " not in word
    return bool(word) and is_visible and "," not in word and len(word) <= LONGEST_TOKEN


def read_token(source: str | None) -> str | None:
    """Read the token from a file, or with `-` from standard input; no argument should show it.

    Raises `UsageError` for anything but one token; it shows nothing of it.
    """
    if source is None:
        return None
    try:
        text = sys.stdin.read() if source == STANDARD_INPUT else Path(source).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        text = ""
    token = text.strip()
    if not is_token(token):
        raise UsageError(
            f"--token: {source} holds no token",
            next_step="give a file with one token and nothing else, or - and the token on stdin",
        )
    return token
