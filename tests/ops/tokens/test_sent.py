"""What mParticle sent: one word is a token, nothing else is, and none of it is ever shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.exit_codes import CommandError, ExitCode
from firehose.secret import Secret
from ops.tokens.acceptance import PATIENCE_SECONDS
from ops.tokens.sent import decrypted_token, is_encrypted, plain_token
from tests.running import Run

TOKENS = st.text(st.characters(codec="ascii", min_codepoint=33, max_codepoint=126), min_size=1)


@given(
    token=TOKENS.filter(lambda text: "," not in text),
    before=st.sampled_from(["", " ", "\r\n", "\ufeff"]),
    after=st.sampled_from(["", "\n", "\r\n"]),
)
def test_single_word_is_the_token_whatever_an_editor_put_around_it(
    token: str, before: str, after: str
) -> None:
    found = plain_token(f"{before}{token}{after}".encode())

    assert found == Secret(token)
    assert str(found) == "***"


@pytest.mark.parametrize(
    "sent",
    [b"", b" \n", b"canary-1 canary-2", b"Token canary-1", b"canary,x", b"can\xc3\xa4ry", b"\xff"],
)
def test_what_no_header_can_carry_is_no_token(sent: bytes) -> None:
    with pytest.raises(CommandError) as raised:
        plain_token(sent)

    assert raised.value.exit_code is ExitCode.USAGE
    assert "can" not in str(raised.value).replace("firehose token import", "")


@given(content=st.binary(max_size=200), word=st.none() | st.integers(1, 5))
def test_decrypted_message_is_a_token_or_an_error_without_a_word_of_it(
    content: bytes, word: int | None
) -> None:
    marked = b" ".join(b"canary" + part for part in content.split())
    try:
        shown = str(decrypted_token(b"", lambda _: marked, word=word))
    except CommandError as error:
        shown = str(error)

    assert "canary" not in shown


@pytest.mark.parametrize(
    ("sent", "encrypted"),
    [
        (b"Dear partner,\n-----BEGIN PGP MESSAGE-----\n", True),
        (b"\x85\x01", True),
        (b"\xc1\x6c", True),
        (b"sesame", False),
        (b"", False),
    ],
)
def test_encrypted_message_is_told_from_a_token(sent: bytes, encrypted: bool) -> None:
    assert is_encrypted(sent) is encrypted


def test_encrypted_message_is_not_stored_as_a_token() -> None:
    with pytest.raises(CommandError, match="Next: firehose token import"):
        plain_token(b"-----BEGIN PGP MESSAGE-----")


def test_endpoint_is_asked_for_longer_than_it_may_wait_before_it_looks_again() -> None:
    from endpoint.tokens import RELOAD_SECONDS  # noqa: PLC0415 - imports botocore

    assert PATIENCE_SECONDS > RELOAD_SECONDS


@pytest.mark.parametrize("command", ["store", "import", "rotate", "retire", "status", "keygen"])
def test_deployment_without_a_url_has_no_token(
    run: Run, tmp_path_factory: pytest.TempPathFactory, command: str
) -> None:
    file = tmp_path_factory.mktemp("deployment") / "deployment.toml"
    file.write_text('name = "acme"\n')

    result = run("token", command, environment={"FIREHOSE_DEPLOYMENT": str(file)})

    assert result.returncode == 2
    assert 'Next: add "https" to transports' in result.stderr
