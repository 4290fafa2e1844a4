"""mParticle's token on the embedded AWS: from its encrypted message to its end, in two regions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pysequoia import Cert, CipherSuite, Profile, Tsk, encrypt

from endpoint.log import RequestLog
from plan.names import token_key_name
from tests.local.documented import records
from tests.local.small_stack import REGIONS, client
from tests.local.urls import Urls, urls_of
from tests.running import Firehose, Ran, Run

FIRST, SECOND, THIRD = "canary-token-1", "canary-token-2", "canary-token-3"


@pytest.fixture
def urls(
    bare_aws: dict[str, str], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Urls]:
    # the endpoint logs to the standard output of its process, which here is the command's too
    monkeypatch.setattr(RequestLog, "write", lambda *_, **__: None)
    with urls_of(f"t{abs(hash(request.node.nodeid)) % 10**8}", bare_aws) as urls:
        yield urls


@pytest.fixture
def token(run: Run, urls: Urls, tmp_path: Path) -> Firehose:
    """Run `firehose token …`; whatever it is given, no token and no key is in what it writes."""
    file = tmp_path / "deployment.toml"
    file.write_text(f'name = "{urls.name}"\npods = ["US1", "EU1"]\ntransports = ["https"]\n')
    environment = {**urls.environment, "FIREHOSE_DEPLOYMENT": str(file)}

    def firehose(*arguments: str, given: bytes | str = b"") -> Ran:
        before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        sent = given.encode() if isinstance(given, str) else given
        ran = run("token", *arguments, environment=environment, given=sent)
        assert "canary" not in ran.stdout + ran.stderr
        assert "PRIVATE KEY" not in ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
        after = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
        assert after == before, "nothing is written to disk"
        return ran

    return firehose


def message(public_key: str, token: str, *, armor: bool = True) -> bytes:
    recipient = Cert.from_bytes(public_key.encode())
    return encrypt(bytes=f"{token}\n".encode(), recipients=[recipient], armor=armor)


def test_key_is_made_once_and_its_private_half_is_in_secrets_manager_only(
    token: Firehose, urls: Urls
) -> None:
    made = token("keygen", "--email", "oncall@acme.example")
    again = token("keygen")

    assert (made.returncode, again.returncode) == (0, 0), made.stderr + again.stderr
    assert made.stdout == again.stdout
    public = Cert.from_bytes(made.stdout.encode())
    assert f"Fingerprint {public.fingerprint.upper()}, in us-east-1" in made.stderr
    assert [str(found) for found in public.user_ids] == [
        f"{urls.name} mParticle Firehose <oncall@acme.example>"
    ]
    secrets = client(urls.environment, "secretsmanager", "us-east-1")
    stored = secrets.get_secret_value(SecretId=token_key_name(urls.name))["SecretString"]
    assert Tsk.from_bytes(stored.encode()).extract_certificate().fingerprint == public.fingerprint


@pytest.mark.parametrize("armor", [True, False], ids=["armored", "binary"])
def test_message_of_mparticle_ends_as_the_token_of_every_region(
    token: Firehose, urls: Urls, armor: bool
) -> None:
    public_key = token("keygen").stdout

    result = token("import", given=message(public_key, FIRST, armor=armor))

    assert result.returncode == 0, result.stderr
    assert "Next: firehose token status" in result.stderr
    assert [urls.stored(region) for region in REGIONS] == [FIRST, FIRST]
    status = token("status", "--wrong-token", "--format", "json")
    assert status.returncode == 0, status.stderr
    for row in records("token status", status.stdout):
        assert (row["valid"], row["previous"], row["same"]) == (1, None, True)
        assert (row["accepts"], row["refuses_others"], row["registration_open"]) == (True,) * 3


def test_message_is_found_in_a_mail_and_its_token_chosen_by_number(
    token: Firehose, urls: Urls, tmp_path: Path
) -> None:
    encrypted = message(token("keygen").stdout, f"Your token is {FIRST}")
    mail = tmp_path / "mail.txt"
    mail.write_bytes(b"Dear partner,\n\n" + encrypted + b"\n-- \nmParticle\n")

    several = token("import", str(mail))
    chosen = token("import", str(mail), "--word", "4")

    assert several.returncode == 2
    assert "has 4 words, of 4, 5, 2, 14 characters\nNext: name the token's" in several.stderr
    assert chosen.returncode == 0, chosen.stderr
    assert urls.stored("eu-central-1") == FIRST


def test_message_without_a_key_says_how_to_make_one(token: Firehose) -> None:
    stranger = Tsk.generate(profile=Profile.RFC4880, cipher_suite=CipherSuite.Cv25519)

    result = token("import", given=message(str(stranger.extract_certificate()), FIRST))

    assert result.returncode == 1
    assert "Next: firehose token keygen" in result.stderr


def test_rotation_keeps_both_tokens_until_the_old_one_is_retired(
    token: Firehose, urls: Urls
) -> None:
    public_key = token("keygen").stdout
    token("store", given=FIRST)

    rotated = token("rotate", "--format", "json", given=message(public_key, SECOND))
    third = token("rotate", given=THIRD)
    stored = token("store", given=THIRD)
    shown = token("retire", "--dry-run")

    assert rotated.returncode == 0, rotated.stderr
    for row in records("token rotate", rotated.stdout):
        assert (row["outcome"], row["accepts_new"], row["accepts_previous"]) == (
            "stored",
            True,
            True,
        )
    assert third.returncode == 1
    assert stored.returncode == 1, "neither command ends a token that may be in use"
    assert "us-east-1: two tokens are valid" in third.stderr
    assert "us-east-1: two tokens are valid" in stored.stderr
    assert "Next: firehose token retire, once mParticle uses the newer one" in third.stderr
    assert shown.stderr.splitlines()[-1] == "Nothing was retired (--dry-run)."
    assert [urls.stored(region, "AWSPREVIOUS") for region in REGIONS] == [FIRST, FIRST]

    retired = token("retire", "--format", "json")

    assert retired.returncode == 0, retired.stderr
    rows = records("token retire", retired.stdout)
    assert [(row["outcome"], row["valid"]) for row in rows] == [("retired", 1)] * 2
    assert [urls.stored(region, "AWSPREVIOUS") for region in REGIONS] == [None, None]
    assert [urls.stored(region) for region in REGIONS] == [SECOND, SECOND]
    assert token("rotate", given=THIRD).returncode == 0
