"""The OpenPGP key that mParticle encrypts the token to; its private half stays in Secrets Manager.

It is made and used in memory and never printed or written to disk (docs/adr/0031). Nothing that
pysequoia raises is shown: it ends in a stack of addresses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.exit_codes import CommandError, UsageError

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_secretsmanager.type_defs import GetSecretValueResponseTypeDef
    from pysequoia import Tsk

_STAGES = ("AWSCURRENT", "AWSPREVIOUS")
"""A message to the key before a replaced one can still be read."""
_NOT_FOR_US = "No key to decrypt message"
"""How pysequoia 0.1.35 begins its error about a message to somebody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicKey:
    """What mParticle is sent: its armored text and fingerprint, and when it was stored (ISO)."""

    armored: str
    fingerprint: str
    stored: str


def make_key(session: Session, secret: str, *, user_id: str, rsa: bool, replace: bool) -> None:
    """Make a key and store it under a name; `replace` adds a version to a secret that exists.

    An RSA key has 3,072 bits, which takes some seconds; the others are Ed25519 and X25519.
    """
    from pysequoia import CipherSuite, Profile, Tsk  # noqa: PLC0415 - a megabyte for few commands

    suite = CipherSuite.RSA3k if rsa else CipherSuite.Cv25519
    # the older profile, which GnuPG and other PGP programs read as well
    key = str(Tsk.generate(user_id=user_id, profile=Profile.RFC4880, cipher_suite=suite))
    secrets = session.client("secretsmanager")
    if replace:
        secrets.put_secret_value(SecretId=secret, SecretString=key)
    else:
        secrets.create_secret(
            Name=secret,
            SecretString=key,
            Description="OpenPGP key: mParticle encrypts the URLs' token to its public half",
        )


def public_key(session: Session, secret: str) -> PublicKey | None:
    """Give the public half of the current key; none before one was made."""
    found = _stored(session, secret, _STAGES[0])
    if found is None:
        return None
    certificate = _private(found).extract_certificate()
    return PublicKey(
        armored=str(certificate),
        fingerprint=certificate.fingerprint.upper(),
        stored=found["CreatedDate"].isoformat(timespec="seconds"),
    )


def decrypt(session: Session, secret: str, message: bytes) -> bytes:
    """Decrypt a message to the current key or the one before.

    Raises `CommandError` when there is no key, the message is for another one, or it is damaged.
    """
    from pysequoia import decrypt as open_message  # noqa: PLC0415 - see make_key

    keys = [found for stage in _STAGES if (found := _stored(session, secret, stage))]
    if not keys:
        raise CommandError(
            f"{session.region_name}: there is no key {secret} to decrypt with",
            next_step="firehose token keygen, send mParticle what it prints, import its answer",
        )
    for found in keys:
        try:
            content = open_message(message, decryptor=_private(found).decryptor()).bytes
        except RuntimeError as error:
            if not str(error).startswith(_NOT_FOR_US):
                raise _damaged() from None
        else:
            return content or b""
    raise CommandError(
        "the message is encrypted to another key than ours, or was changed on its way",
        next_step="firehose token keygen prints our key; send it to mParticle again",
    )


def _stored(session: Session, secret: str, stage: str) -> GetSecretValueResponseTypeDef | None:
    secrets = session.client("secretsmanager")
    try:
        return secrets.get_secret_value(SecretId=secret, VersionStage=stage)
    except secrets.exceptions.ResourceNotFoundException:
        return None


def _private(found: GetSecretValueResponseTypeDef) -> Tsk:
    from pysequoia import Tsk  # noqa: PLC0415 - see make_key

    try:
        return Tsk.from_bytes(found["SecretString"].encode())
    except RuntimeError:
        raise CommandError(
            f"the secret {found['Name']} holds no OpenPGP key",
            next_step="firehose token keygen --replace",
        ) from None


def _damaged() -> UsageError:
    return UsageError(
        "this is no whole OpenPGP message",
        next_step="save mParticle's attachment or the lines from BEGIN PGP MESSAGE to END PGP"
        " MESSAGE as they are, and pass that",
    )
