"""What mParticle sent: read once, decrypted if it has to be, and the one word in it that counts."""

from __future__ import annotations

import sys
from codecs import BOM_UTF8
from collections.abc import Callable
from getpass import getpass
from pathlib import Path
from typing import Annotated

import typer

from console.exit_codes import UsageError
from console.output import say
from console.token_file import LONGEST_TOKEN, is_token
from firehose.secret import Secret

MessageArgument = Annotated[
    Path | None,
    typer.Argument(help="mParticle's message; left out, standard input.", metavar="FILE"),
]
WordOption = Annotated[
    int | None,
    typer.Option(min=1, help="Which word of a decrypted message is the token.", metavar="N"),
]

_MOST_BYTES = 100_000
_ARMOR = b"-----BEGIN PGP MESSAGE-----"
_PACKET = 0x80
"""The bit that every OpenPGP packet's first byte has and no text's (RFC 9580, 4.2)."""


def typed_token() -> bytes:
    """Read a plain token from standard input; a terminal does not show what is typed."""
    if sys.stdin.isatty():
        return getpass("Token: ").encode()
    return sys.stdin.buffer.read(_MOST_BYTES)


def sent_bytes(file: Path | None) -> bytes:
    """Read what mParticle sent from a file, or from standard input where none is named.

    Raises `UsageError` when the file cannot be read.
    """
    if file is None:
        if sys.stdin.isatty():
            say("Paste what mParticle sent, then press Ctrl-D on a line of its own:")
        return sys.stdin.buffer.read(_MOST_BYTES)
    try:
        with file.open("rb") as stream:
            return stream.read(_MOST_BYTES)
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror}",
            next_step="name the file that mParticle's message was saved to",
        ) from None


def is_encrypted(sent: bytes) -> bool:
    """Whether it is, or has in it, an OpenPGP message, in armor or binary."""
    is_text = sent.startswith(BOM_UTF8)  # which some editors put before it
    return _ARMOR in sent or (bool(sent and sent[0] & _PACKET) and not is_text)


def decrypted_token(sent: bytes, decrypt: Callable[[bytes], bytes], *, word: int | None) -> Secret:
    """Give the token in an OpenPGP message: all of it, or its word of that number, from 1.

    Raises `UsageError` that shows nothing of the message when it has no such word, or several
    and none was chosen.
    """
    words = decrypt(sent).decode(errors="replace").split()
    if word is None and len(words) == 1:
        return _checked(words[0])
    if word is not None and 1 <= word <= len(words):
        return _checked(words[word - 1])
    lengths = ", ".join(str(len(found)) for found in words[:50])
    raise UsageError(
        f"the decrypted message has {len(words)} words, of {lengths or 'no'} characters",
        next_step="name the token's with --word N, or ask mParticle to encrypt the token alone",
    )


def plain_token(sent: bytes) -> Secret:
    """Give a token that was not encrypted. Raises `UsageError` for anything but one word."""
    words = sent.decode("utf-8-sig", errors="replace").split()
    if is_encrypted(sent):
        raise UsageError(
            "standard input holds an OpenPGP message, which is not the token yet",
            next_step="firehose token import",
        )
    if len(words) != 1:
        raise _no_token()
    return _checked(words[0])


def _checked(word: str) -> Secret:
    if not is_token(word):
        raise _no_token()
    return Secret(word)


def _no_token() -> UsageError:
    return UsageError(
        f"this is no token: nothing, more than one word, a comma, a character outside ASCII,"
        f" or more than {LONGEST_TOKEN:,} characters",
        next_step="pass the token alone, as mParticle sent it",
    )
