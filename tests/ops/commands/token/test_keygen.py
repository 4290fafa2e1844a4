"""`firehose token keygen`: the key is made once, and its private half stays where it is."""

from __future__ import annotations

import pytest
from pysequoia import Cert

from tests.ops.commands.token.conftest import Token
from tests.ops.commands.token.token_urls import TokenUrls

KEY = "acme-firehose-token-key"


def test_key_is_made_once_in_the_first_region(token: Token, urls: TokenUrls) -> None:
    made = token("keygen", "--email", "oncall@acme.example")
    again = token("keygen")

    public = Cert.from_bytes(made.stdout.encode())
    assert [str(it) for it in public.user_ids] == ["acme mParticle Firehose <oncall@acme.example>"]
    assert list(urls.cloud.session("us-east-1").secrets.described) == [KEY]
    assert urls.cloud.session("eu-central-1").secrets.described == {}
    fingerprint = public.fingerprint.upper()
    assert made.stderr.splitlines() == [
        f"us-east-1: making a key; its private half is stored as {KEY} …",
        f"Fingerprint {fingerprint}, in us-east-1 since 2026-11-02T12:00:00+00:00.",
        "Next: send mParticle the key above; when its message comes, firehose token import FILE",
    ]
    assert (again.stdout, again.stderr.splitlines()) == (made.stdout, made.stderr.splitlines()[1:])
    assert (made.returncode, again.returncode) == (0, 0)


@pytest.mark.usefixtures("urls")
def test_another_key_is_only_made_on_demand(token: Token) -> None:
    before = token("keygen").stdout
    after = token("keygen", "--replace").stdout

    assert after != before
    assert token("keygen").stdout == after
    assert [str(it) for it in Cert.from_bytes(after.encode()).user_ids] == [
        "acme mParticle Firehose"
    ]


@pytest.mark.usefixtures("urls")
@pytest.mark.parametrize("option", [("--rsa",), ("--email", "a@acme.example")])
def test_options_of_a_key_are_refused_where_there_is_one(
    token: Token, option: tuple[str, ...]
) -> None:
    token("keygen")

    refused = token("keygen", *option)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        f"firehose: us-east-1: {KEY} holds a key since 2026-11-02T12:00:00+00:00"
        "\nNext: leave the options out to print it, or add --replace\n"
    )


def test_key_that_is_gone_at_once_is_told(
    token: Token, urls: TokenUrls, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = urls.cloud.session("us-east-1").secrets
    monkeypatch.setattr(type(secrets), "create_secret", lambda *_, **__: {"Name": KEY})

    refused = token("keygen")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"us-east-1: {KEY} was stored and is gone again" in refused.stderr
