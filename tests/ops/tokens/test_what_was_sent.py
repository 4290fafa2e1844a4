"""Reading what mParticle sent: from a file, a pipe or a terminal, and the word that is chosen."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from console.exit_codes import CommandError
from ops.tokens import sent
from ops.tokens.sent import decrypted_token, sent_bytes, typed_token


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody sit there who types."""
    monkeypatch.setattr(sys, "stdin", Terminal(io.BytesIO(b"typed\n")))
    monkeypatch.setattr(sent, "getpass", lambda prompt: f"hidden after {prompt}")


@pytest.mark.usefixtures("terminal")
def test_token_that_is_typed_is_not_shown() -> None:
    assert typed_token() == b"hidden after Token: "


@pytest.mark.usefixtures("terminal")
def test_message_that_is_pasted_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert sent_bytes(None) == b"typed\n"
    assert capsys.readouterr().err == (
        "Paste what mParticle sent, then press Ctrl-D on a line of its own:\n"
    )


def test_message_that_is_piped_is_read_without_a_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"piped")))

    assert sent_bytes(None) == b"piped"
    assert capsys.readouterr().err == ""


def test_no_more_than_a_hundred_thousand_bytes_are_read(tmp_path: Path) -> None:
    file = tmp_path / "large"
    file.write_bytes(b"x" * 100_001)

    assert len(sent_bytes(file)) == 100_000


@pytest.mark.parametrize(("word", "token"), [(1, "one"), (2, "two"), (3, "three")])
def test_word_is_counted_from_one(word: int, token: str) -> None:
    assert decrypted_token(b"", lambda _: b"one two three", word=word).reveal() == token


@pytest.mark.parametrize("word", [0, 4, None])
def test_word_that_is_not_there_is_told_with_those_that_are(word: int | None) -> None:
    with pytest.raises(CommandError, match="has 3 words, of 3, 3, 5 characters"):
        decrypted_token(b"", lambda _: b"one two three", word=word)


def test_lengths_of_no_more_than_fifty_words_are_told() -> None:
    with pytest.raises(CommandError) as raised:
        decrypted_token(b"", lambda _: b"word " * 60, word=None)

    assert str(raised.value).count("4") == 50
