"""What tests of several packages share."""

from __future__ import annotations

from pathlib import Path

import pytest

from ops.release.package import build_package
from plan.target import LOCAL

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the Lambda package for this machine's Python, as the embedded AWS runs it."""
    root = tmp_path_factory.mktemp("package")
    build_package(
        ROOT / "lambda_src", target=LOCAL, runtime="python3.14", architecture="arm64", root=root
    )
    return root / LOCAL.package
