"""Every variant of the stacks, each synthesized at most once for all tests."""

from __future__ import annotations

import pytest

from tests.stacks.variants import Variants


@pytest.fixture(scope="session")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Variants:
    return Variants(tmp_path_factory.mktemp("variants"))
