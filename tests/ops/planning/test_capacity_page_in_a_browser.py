"""The capacity page as a browser lays it out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.planning.capacity_page import write_page
from ops.planning.capacity_report import region_capacity
from plan.deployment import Deployment
from plan.regions import regions
from plan.target import AWS
from tests.browser import Page, browser

pytestmark = pytest.mark.rehearsal

LAYOUT = (Path(__file__).parents[1] / "handoff" / "layout.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    file = tmp_path_factory.mktemp("capacity") / "capacity.html"
    plans = regions(Deployment.model_validate({"name": "acme"}), AWS)
    write_page(file, [region_capacity(plan) for plan in plans])
    with browser() as running:
        yield running.open(file)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_out_of_its_place_or_hard_to_read(page: Page, width: int, scheme: str) -> None:
    page.show(width=width, scheme=scheme)
    found = page.evaluate(LAYOUT)

    assert (found["scrolls"], found["outside"], found["misdrawn"]) == (False, [], [])
    assert (found["charts"], found["unlabelled"]) == (3, [])
    assert found["faint"] == []
