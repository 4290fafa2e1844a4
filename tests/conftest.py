"""What tests of several packages share."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from ops.release.package import build_package
from plan.target import LOCAL
from tests.running import Run, run_here

ROOT = Path(__file__).parents[1]

# How long an example takes is this machine's business: Hypothesis would fail one above 0.2 s.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARED = ("cloud", "delivery_deployed", "bare_aws", "variants")
"""What takes seconds to make and serves many files: an AWS with something in it, every template."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let one process run all tests that share something, and begin with what takes longest.

    Files that share nothing are groups of their own, as with `--dist loadfile`.
    """
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        shared = next((name for name in SHARED if name in fixtures), None)
        item.add_marker(pytest.mark.xdist_group(shared or str(item.path)))
    items.sort(key=lambda item: "local" not in item.path.parts)


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the Lambda package for this machine's Python, as the embedded AWS runs it."""
    root = tmp_path_factory.mktemp("package")
    build_package(
        ROOT / "lambda_src", target=LOCAL, runtime="python3.14", architecture="arm64", root=root
    )
    return root / LOCAL.package


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command of `firehose` in this process, with a home that holds no credentials."""
    nobody = {"HOME": str(tmp_path), "AWS_EC2_METADATA_DISABLED": "true", "COLUMNS": "200"}
    return partial(run_here, monkeypatch=monkeypatch, capsys=capsys, nobody=nobody)
