"""Credentials of the endpoint's calls: whose they are, renewed, and never shown."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from endpoint.aws import (
    AwsClient,
    AwsError,
)
from endpoint.credentials import CONTAINER_VARIABLE, chain, credentials_from
from endpoint.sqs import SQS
from firehose import Secret
from tests.aws.loopback import served
from tests.endpoint.aws_calls import ENVIRONMENT, KEYS, MESSAGE


@pytest.fixture(autouse=True)
def new_process() -> Iterator[None]:
    """Forget the credentials that botocore found."""
    chain.cache_clear()
    yield
    chain.cache_clear()


def test_credentials_are_those_of_the_environment() -> None:
    found = credentials_from(KEYS)
    assert (found.key_id, found.secret, found.token) == (
        "AKIDEXAMPLE",
        Secret("canary-secret"),
        Secret("canary-token"),
    )

    lasting = credentials_from({"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE"})
    assert (lasting.secret, lasting.token) == (Secret(""), None)


@pytest.mark.parametrize(("variables", "looked"), [({}, 0), ({CONTAINER_VARIABLE: "http://x"}, 1)])
def test_function_with_snap_start_looks_for_credentials_before_its_first_call(
    variables: dict[str, str], looked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[None] = []
    monkeypatch.setattr("endpoint.credentials.chain", lambda: looks.append(None))

    AwsClient(SQS, ENVIRONMENT | variables)

    assert len(looks) == looked


def test_renewed_credentials_are_used_by_the_next_call() -> None:
    with served() as aws:
        environment = ENVIRONMENT | {"AWS_ENDPOINT_URL": aws.url}
        with closing(AwsClient(SQS, environment)) as client:
            client.call("SendMessage", MESSAGE)
            environment |= {"AWS_ACCESS_KEY_ID": "AKIDRENEWED", "AWS_SESSION_TOKEN": "newer"}
            client.call("SendMessage", MESSAGE)

    first, second = (headers for _, headers, _ in aws.requests)
    assert "AKIDEXAMPLE" in first["authorization"]
    assert "AKIDRENEWED" in second["authorization"]
    assert second["x-amz-security-token"] == "newer"


def test_credentials_show_no_secret() -> None:
    assert "canary" not in repr(credentials_from(KEYS))


def test_function_with_snap_start_has_the_credentials_of_its_container(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    body = {"AccessKeyId": "AKIDCONTAINER", "SecretAccessKey": "canary-secret", "Token": "t"}
    with served((200, json.dumps(body | {"Expiration": "2099-01-01T00:00:00Z"}).encode())) as aws:
        variables = {CONTAINER_VARIABLE: aws.url, "AWS_EC2_METADATA_DISABLED": "true"}
        for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
            variables[name] = str(tmp_path / "none")
        for name in (*KEYS, "AWS_PROFILE"):
            monkeypatch.delenv(name, raising=False)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)

        found = credentials_from(os.environ)

    assert (found.key_id, found.token) == ("AKIDCONTAINER", Secret("t"))
    assert [headers["host"] for _, headers, _ in aws.requests]


@pytest.mark.parametrize(
    ("file", "error"),
    [
        ("", "NoCredentialsError"),
        ("[default]\naws_access_key_id = canary-key\n", "PartialCredentialsError"),
    ],
)
def test_call_without_credentials_says_so(
    file: str, error: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    credentials = tmp_path / "credentials"
    credentials.write_text(file)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(credentials))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    for name in (*KEYS, "AWS_PROFILE", CONTAINER_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    client = AwsClient(SQS, {"AWS_REGION": "us-east-1"})

    with pytest.raises(AwsError, match=f"^{error}$") as raised:
        client.call("SendMessage", MESSAGE)

    assert not raised.value.passes
