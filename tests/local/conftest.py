"""The embedded AWS with every region deployed by the ordinary CDK CLI, once for all tests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from local.embedded_aws import embedded_aws
from local.service_calls import always
from local.stand_in import StandIn, stand_in
from tests.border import DEPLOYMENT
from tests.local.cloud import Cloud
from tests.local.delivery import Delivery, deployed
from tests.local.small_stack import Deploy, create
from tests.running import Run


@pytest.fixture(scope="session")
def three_regions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """Deploy three regions."""
    assembly = tmp_path_factory.mktemp("cdk.out")
    file = tmp_path_factory.mktemp("deployment") / "deployment.toml"
    with stand_in(always("ok")) as partner, embedded_aws() as aws:
        file.write_text(shipped_deployment(partner))
        environment = {**os.environ, **aws.environment(), "FIREHOSE_DEPLOYMENT": str(file)}
        new = Cloud(environment=environment, assembly=assembly, partner_url=partner.url)
        new.deploy()
        yield new


@pytest.fixture
def cloud(three_regions: Cloud, run: Run) -> Cloud:
    """Give the deployed regions to commands in the test's process."""
    return replace(three_regions, run_here=run)


def shipped_deployment(partner: StandIn) -> str:
    """Give the deployment that is shipped, with a service that answers in place of Acme's."""
    text = DEPLOYMENT.read_text(encoding="utf-8")
    return re.sub(r"https://(?:eu\.)?api\.acme\.example", partner.url, text)


@pytest.fixture(scope="session")
def delivery_deployed() -> Iterator[Delivery]:
    with deployed() as delivery:
        yield delivery


@pytest.fixture
def delivery(delivery_deployed: Delivery) -> Iterator[Delivery]:
    """Give both transports with a partner that is well, also after a test made it fail."""
    yield delivery_deployed
    delivery_deployed.partner.choose = always("ok")


@pytest.fixture(scope="session")
def bare_aws() -> Iterator[dict[str, str]]:
    """Run an AWS with nothing in it, for tests that make small stacks of their own."""
    with embedded_aws() as running:
        yield {**os.environ, **running.environment(), "COLUMNS": "200"}


@pytest.fixture
def deploy(bare_aws: dict[str, str], tmp_path: Path, run: Run) -> Deploy:
    """Give a cloud with a fresh deployment of some name, deployed in some of its two regions."""

    def make(name: str, *regions: str) -> Cloud:
        file = tmp_path / "deployment.toml"
        file.write_text(f'name = "{name}"\npods = ["US1", "EU1"]\n')
        for region in regions:
            create(bare_aws, name, region)
        environment = {**bare_aws, "FIREHOSE_DEPLOYMENT": str(file)}
        return Cloud(environment=environment, assembly=tmp_path, run_here=run)

    return make
