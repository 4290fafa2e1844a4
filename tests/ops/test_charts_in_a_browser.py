"""The pages with charts of capacity and of memory, as a browser lays them out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ops.planning.capacity_page import page as capacity_page
from ops.planning.capacity_report import region_capacity
from ops.tuning.advice import advised
from ops.tuning.measurement import MeasuredSize
from ops.tuning.tuning_page import page as tuning_page
from plan.deployment import Deployment
from plan.prices import LIST_PRICES
from plan.regions import regions
from plan.target import AWS
from tests.browser import Page, browser

pytestmark = pytest.mark.rehearsal

LAYOUT = (Path(__file__).parent / "handoff" / "layout.js").read_text(encoding="utf-8")
PLANS = regions(Deployment.model_validate({"name": "acme"}), AWS)


def measured(memory_mb: int) -> MeasuredSize:
    return MeasuredSize(
        memory_mb=memory_mb,
        calls=102,
        failed=0,
        first_ms=412,
        p50_ms=20_480 / memory_mb,
        p99_ms=61_440 / memory_mb,
        billed_ms=20_480 / memory_mb,
        used_mb=88,
        usd_per_million=0.2 + memory_mb / 1_000,
        is_reported=True,
    )


def charts() -> dict[str, tuple[str, int]]:
    """Give each page, and how many charts it has."""
    sizes = [measured(it) for it in (256, 512, 1024, 1769, 3008)]
    return {
        "capacity": (capacity_page([region_capacity(it) for it in PLANS], LIST_PRICES), 1),
        "tuning": (tuning_page(PLANS[0], sizes, advised(sizes, limit_ms=200)), 2),
    }


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Page, int]]]:
    folder = tmp_path_factory.mktemp("charts")
    with browser() as running:
        opened = {}
        for name, (text, count) in charts().items():
            file = folder / f"{name}.html"
            file.write_text(text, encoding="utf-8")
            opened[name] = (running.open(file), count)
        yield opened


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("name", ["capacity", "tuning"])
def test_nothing_is_out_of_its_place_or_hard_to_read(
    pages: dict[str, tuple[Page, int]], name: str, width: int, scheme: str
) -> None:
    page, count = pages[name]
    page.show(width=width, scheme=scheme)
    found = page.evaluate(LAYOUT)

    assert (found["scrolls"], found["outside"], found["misdrawn"]) == (False, [], [])
    assert (found["charts"], found["unlabelled"]) == (count, [])
    assert found["faint"] == []
