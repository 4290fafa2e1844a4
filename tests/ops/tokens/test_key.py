"""The key for mParticle's message: made once, kept where it is, and the one before still reads."""

from __future__ import annotations

from typing import Any

import pytest
from pysequoia import Cert, Tsk, encrypt

from console.exit_codes import CommandError, ExitCode
from ops.tokens.key import decrypt, make_key, public_key
from tests.aws.session import FakeSession

NAME = "acme-firehose-token-key"
USER = "acme mParticle Firehose <oncall@acme.example>"


@pytest.fixture
def session() -> Any:
    return FakeSession("us-east-1")


def made(session: Any, *, replace: bool = False) -> str:
    """Make a key; give the public half."""
    make_key(session, NAME, user_id=USER, rsa=False, replace=replace)
    found = public_key(session, NAME)
    assert found
    return found.armored


def message(public: str, content: bytes = b"canary") -> bytes:
    return encrypt(bytes=content, recipients=[Cert.from_bytes(public.encode())])


def test_there_is_no_key_before_one_is_made(session: Any) -> None:
    assert public_key(session, NAME) is None
    with pytest.raises(CommandError, match=f"us-east-1: there is no key {NAME}") as raised:
        decrypt(session, NAME, message(str(Tsk.generate(user_id="x").extract_certificate())))
    assert raised.value.exit_code is ExitCode.CHECK_FAILED


def test_public_half_names_its_user_and_when_it_was_stored(session: Any) -> None:
    armored = made(session)
    found = public_key(session, NAME)

    assert found
    certificate = Cert.from_bytes(armored.encode())
    assert [str(it) for it in certificate.user_ids] == [USER]
    assert found.fingerprint == certificate.fingerprint.upper()
    assert found.stored == "2026-11-02T12:00:00+00:00"
    assert len(armored) < 2_500, "a key of Curve 25519 is short"
    assert "PRIVATE" not in armored
    assert session.secrets.described[NAME].startswith("OpenPGP key")


def test_message_is_read_with_the_current_key_and_the_one_before_and_no_older_one(
    session: Any,
) -> None:
    keys = [made(session), made(session, replace=True), made(session, replace=True)]

    assert [decrypt(session, NAME, message(key, b"token")) for key in keys[1:]] == [b"token"] * 2
    with pytest.raises(CommandError, match="encrypted to another key than ours"):
        decrypt(session, NAME, message(keys[0]))


def test_empty_message_is_empty(session: Any) -> None:
    assert decrypt(session, NAME, message(made(session), b"")) == b""


def test_key_is_not_made_over_another_one(session: Any) -> None:
    before = made(session)

    with pytest.raises(session.secrets.exceptions.ResourceExistsException):
        make_key(session, NAME, user_id=USER, rsa=False, replace=False)

    found = public_key(session, NAME)
    assert found
    assert found.armored == before


def test_damaged_message_is_told_apart_from_one_to_somebody_else(session: Any) -> None:
    whole = message(made(session))

    with pytest.raises(CommandError, match="no whole OpenPGP message") as raised:
        decrypt(session, NAME, whole[:-20])

    assert raised.value.exit_code is ExitCode.USAGE
    assert raised.value.__suppress_context__, "what pysequoia says is not shown"


def test_secret_that_holds_no_key_is_told_by_its_name(session: Any) -> None:
    session.secrets.create_secret(Name=NAME, SecretString="canary", Description="by hand")

    with pytest.raises(CommandError, match=f"the secret {NAME} holds no OpenPGP key") as raised:
        public_key(session, NAME)

    assert raised.value.__suppress_context__
