"""A deployment in two regions of an AWS that fails on demand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import cloud.regions
from tests.aws.account_in_front import fake_account
from tests.aws.faulty_aws import CANARY, FaultyAws, faulty_aws
from tests.local.small_stack import REGIONS, create, publish
from tests.running import Firehose, Ran, Run

SECRET_KEY = "canary-secret-key"


@pytest.fixture(scope="session")
def deployed(bare_aws: dict[str, str]) -> str:
    for region in REGIONS:
        create(bare_aws, "ill", region)
        publish(bare_aws, "ill", region, 2)
    return "ill"


@pytest.fixture
def aws(bare_aws: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Iterator[FaultyAws]:
    """Give an AWS that fails on demand, in front of limits of a test's own."""
    monkeypatch.setattr(cloud.regions, "ATTEMPTS", 1)
    with fake_account(bare_aws["AWS_ENDPOINT_URL"]) as account:
        account.concurrency = dict.fromkeys(REGIONS, 50_000)
        with faulty_aws(account.url) as aws:
            yield aws


@pytest.fixture
def firehose(
    run: Run, bare_aws: dict[str, str], aws: FaultyAws, tmp_path: Path, deployed: str
) -> Firehose:
    """Run a command in a folder of its own; what AWS says and its secrets never show."""
    file = tmp_path / "deployment.toml"
    file.write_text(f'name = "{deployed}"\npods = ["US1", "EU1"]\n')
    environment = {
        **bare_aws,
        "AWS_ENDPOINT_URL": aws.url,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "FIREHOSE_DEPLOYMENT": str(file),
    }

    def firehose(*arguments: str, **changes: str) -> Ran:
        ran = run(*arguments, environment={**environment, **changes})
        leaked = {word for word in (CANARY, SECRET_KEY, "Traceback") if word in ran.stderr}
        assert not leaked, ran.stderr
        return ran

    return firehose
