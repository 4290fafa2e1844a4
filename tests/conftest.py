"""What tests of several packages share."""

from __future__ import annotations

import atexit
import gc
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, settings
from xdist.scheduler.loadscope import LoadScopeScheduling  # type: ignore[import-untyped]

from local.service_calls import always
from local.stand_in import StandIn, stand_in
from ops.release.package import build_package
from plan.deployment import Deployment
from plan.names import DEPLOYMENT_VARIABLE
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS, LOCAL
from tests import single_lines
from tests.account import Account
from tests.border import DEPLOYMENT, Border, copy_packages
from tests.browser import Browser, browser
from tests.running import ROOT, Firehose, Ran, Run, run_here

# How long an example takes is this machine's business: Hypothesis would fail one above 0.2 s.
settings.register_profile("few", deadline=None, max_examples=25)
settings.register_profile("many", deadline=None, max_examples=1_000)
settings.register_profile(
    "mutants",
    deadline=None,
    max_examples=25,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "few"))


def pytest_configure(config: pytest.Config) -> None:
    """Keep the border, hear Ctrl-C, and let what the tests start hear it."""
    gc.disable()  # until all tests are collected, nothing is garbage
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background it may be ignored
    config.pluginmanager.register(Border(), "border")
    config.pluginmanager.register(Account(), "account")
    single_lines.register(config)
    if hasattr(config, "workerinput"):
        atexit.register(os._exit, 0)  # taking a worker's memory apart would take seconds


TOGETHER: tuple[tuple[str, ...], ...] = (
    ("tests/stacks/",),
    (
        *("tests/local/faults/", "tests/local/test_operations", "tests/local/test_preflight"),
        *("tests/local/test_quota", "tests/local/test_redrive", "tests/local/test_tokens"),
    ),
    ("tests/ops/handoff/test_page_in_a_browser", "tests/workbench/studio/test_studio_page"),
    ("tests/local/test_delivery", "tests/local/test_from_region"),
    ("tests/test_own_api", "tests/workbench/test_first_hour"),
)
"""Files that share what takes seconds to make: every template, an AWS with something in it, a
browser, or mypy's cache, which only one may write."""
LONGEST = (
    *("tests/local/test_transcript", "tests/test_own_api", "tests/local/test_delivery"),
    *("tests/test_partners_repository", "tests/workbench/studio/test_studio_page"),
    *("tests/local/", "tests/stacks/", "tests/simulation/", "tests/workbench/contract/"),
)
"""What one process takes long for, the longest first."""


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over what lives until the end, such as every module."""
    gc.freeze()
    gc.enable()


def pytest_xdist_auto_num_workers() -> int:
    """Run two processes more than there are processors: tests wait a good part of their time."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that no process is left alone with it at the end."""

    def rank(item: pytest.Item) -> int:
        found = (n for n, begins in enumerate(LONGEST) if item.nodeid.startswith(begins))
        return next(found, len(LONGEST))

    items.sort(key=rank)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadScopeScheduling:
    """Let one process run a whole file, and all files that share something."""
    config.option.loadscopereorder = False
    return _Together(config, log)


class _Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        for number, beginnings in enumerate(TOGETHER):
            if file.startswith(beginnings):
                return str(number)
        return file


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Run one browser for all tests of pages; TOGETHER keeps them in one process."""
    with browser() as running:
        yield running


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the Lambda package for this machine's Python, as the embedded AWS runs it."""
    root = tmp_path_factory.mktemp("package")
    build_package(
        copy_packages(root), target=LOCAL, runtime="python3.14", architecture="arm64", root=root
    )
    return root / LOCAL.package


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command of `firehose` in this process, with a home that holds no credentials."""
    nobody = {
        "HOME": str(tmp_path),
        "AWS_EC2_METADATA_DISABLED": "true",
        "COLUMNS": "200",
        DEPLOYMENT_VARIABLE: str(DEPLOYMENT),
    }
    return partial(run_here, monkeypatch=monkeypatch, capsys=capsys, nobody=nobody)


REFUSED = """
from firehose import *

class Refused(MessageProcessor):
    def process_registration_request(self, request):
        return ModuleRegistrationResponse(
            name="Acme",
            version="1",
            permissions=Permissions(
                partner_identities=[
                    PartnerIdentityPermission(type="Acme_Id", encoding=Encoding.RAW),
                    PartnerIdentityPermission(type="Acme_Other", encoding=Encoding.RAW),
                ]
            ),
        )
"""


@pytest.fixture
def firehose(run: Run, monkeypatch: pytest.MonkeyPatch) -> Firehose:
    """Run `firehose` in the project, as `run` does; keywords are variables of its environment."""
    monkeypatch.chdir(ROOT)

    def firehose(*arguments: str, **environment: str) -> Ran:
        return run(*arguments, environment={"COLUMNS": "80", **environment})

    return firehose


@pytest.fixture
def partner() -> Iterator[StandIn]:
    """Run a stand-in for the partner's API; it takes everything until a test changes `choose`."""
    with stand_in(always("ok")) as running:
        yield running


@pytest.fixture
def plan() -> RegionPlan:
    """Plan the deployment of the defaults in one region, with mParticle's EU pod."""
    (plan,) = regions(Deployment.model_validate({"name": "acme", "pods": ["EU1"]}), AWS)
    return plan


@pytest.fixture
def refused(tmp_path: Path) -> dict[str, str]:
    """Configure an integration whose registration breaks a rule."""
    (tmp_path / "refused_integration.py").write_text(REFUSED)
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n[code]\nintegration = "refused_integration:Refused"\n')
    return {"FIREHOSE_DEPLOYMENT": str(file), "PYTHONPATH": str(tmp_path)}
