"""The hand-off as a person sees it: in a real browser, wide and narrow, light, dark and printed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.handoff.gaps import Gap
from ops.handoff.handoff_page import page as rendered
from tests.browser import Browser, Page
from tests.ops.handoff.handed_over import LOGO, everywhere, load

LAYOUT = Path(__file__).with_name("layout.js").read_text(encoding="utf-8")
WIDTHS = (360, 768, 1280)
HOSTILE = "<script>document.title = 'taken'</script><img src=x onerror=\"alert('taken')\">"

Open = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, tmp_path: Path) -> Open:
    def opened(content: dict[str, Any] | None = None) -> Page:
        file = tmp_path / "handoff.html"
        file.write_text(rendered(content or everywhere(), LOGO), encoding="utf-8")
        return chromium.open(file)

    return opened


def layout(page: Page, *, width: int = 1280, **look: str) -> dict[str, Any]:
    page.show(width=width, **look)
    measured: dict[str, Any] = page.evaluate(LAYOUT)
    return measured


def slow_and_cold() -> dict[str, Any]:
    """Give a hand-off whose calls took up to a minute, some refused, one region unproven."""
    content = everywhere(gaps=[Gap(region="eu-central-1", text="nothing is proven here.")])
    calls = [
        [n / 7, 1.3**n % 60_000, "failed" if n % 5 == 0 else "answered", n < 3] for n in range(2500)
    ]
    content["regions"][0]["latency"] = [load("lambda", 200, calls=calls, conclusion="fail")]
    content["regions"][1] |= {"checks": [], "latency": []}
    return content


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("content", [everywhere, slow_and_cold])
def test_nothing_is_out_of_its_place_at_any_width(
    opened: Open, content: Callable[[], dict[str, Any]], width: int
) -> None:
    found = layout(opened(content()), width=width)

    assert (found["scrolls"], found["outside"], found["misdrawn"]) == (False, [], [])
    assert found["charts"] == (6 if content is everywhere else 3)
    assert found["unlabelled"] == []


@pytest.mark.parametrize("width", [340, 700])
def test_print_loses_nothing(opened: Open, width: int) -> None:
    page = opened()

    found = layout(page, width=width, media="print", scheme="dark")

    assert (found["scrolls"], found["outside"], found["misdrawn"]) == (False, [], [])
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("document.querySelector('pre').getBoundingClientRect().height") > 0


@pytest.mark.parametrize(
    ("media", "scheme"), [("screen", "light"), ("screen", "dark"), ("print", "dark")]
)
def test_every_word_stands_out_from_what_is_behind_it(
    opened: Open, media: str, scheme: str
) -> None:
    found = layout(opened(slow_and_cold()), media=media, scheme=scheme)

    assert found["faint"] == []


def test_headings_go_one_level_deeper_at_a_time_below_one_title(opened: Open) -> None:
    headings = layout(opened())["headings"]

    assert headings.count(1) == 1
    assert headings[0] == 1
    assert max(after - before for before, after in itertools.pairwise(headings)) == 1


@pytest.mark.parametrize("width", WIDTHS)
def test_every_endpoint_can_be_seen_and_copied_whole(opened: Open, width: int) -> None:
    content = everywhere()
    endpoints = {endpoint for pod in content["pods"] for endpoint in (pod["arn"], *pod["urls"])}

    assert set(layout(opened(content), width=width)["copied"]) == endpoints


def test_page_says_nothing_to_the_console_and_asks_nobody_for_anything(opened: Open) -> None:
    page = opened()
    layout(page)

    assert page.messages == []
    assert [url.partition(":")[0] for url in page.requests] == ["file", "data"]
    assert page.evaluate("document.images[0].naturalWidth > 0"), "the logo is drawn"


def test_hostile_names_are_text_and_do_nothing(opened: Open) -> None:
    hostile = {"problem": HOSTILE, "milliseconds": 1.0, "transport": HOSTILE, "message": HOSTILE}
    content = everywhere(
        name=HOSTILE,
        gaps=[Gap(region="us-east-1", text=HOSTILE)],
        registration={"name": HOSTILE, "</pre>": HOSTILE},
        findings=[
            {"id": "P1", "severity": "error", "path": HOSTILE, "text": HOSTILE, "source": HOSTILE}
        ],
    )
    content["regions"][0] |= {"checks": [hostile], "versions": {HOSTILE: HOSTILE}}
    content["regions"][0]["quota_requests"] = [
        {"quota": HOSTILE, "desired": 1, "status": HOSTILE, "case": HOSTILE}
    ]
    content["pods"][0] |= {"arn": HOSTILE, "urls": [HOSTILE], "unconfirmed": [HOSTILE]}
    page = opened(content)

    found = layout(page, width=360)

    assert page.messages == []
    assert page.evaluate("document.scripts.length + document.images.length") == 1, "the logo"
    assert page.evaluate("document.title").startswith(f"NOT PROVEN: {HOSTILE}")
    assert (found["scrolls"], found["outside"]) == (False, [])


def test_names_without_a_place_to_break_are_wrapped(opened: Open) -> None:
    long = "x" * 400
    content = everywhere(name=long)
    content["pods"][0] |= {"arn": long, "urls": [long]}
    content["regions"][0] |= {"versions": {long: long}}
    content["regions"][0]["checks"][0] |= {"message": long, "problem": long}

    found = layout(opened(content), width=360)

    assert (found["scrolls"], found["outside"]) == (False, [])


def test_gaps_are_seen_first(opened: Open) -> None:
    page = opened(slow_and_cold())
    page.show(width=360)

    assert page.evaluate("document.title").startswith("NOT PROVEN: ")
    assert page.evaluate("document.querySelector('.verdict').getBoundingClientRect().bottom") < 800
    verdict = page.evaluate("document.querySelector('.verdict').innerText")
    assert verdict.startswith("✗ Not proven: 1 gap")
    assert "eu-central-1: nothing is proven here." in verdict


def test_measuring_notices_what_is_wrong_with_a_page(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "bad.html"
    file.write_text(
        '<!doctype html><body><h1>A</h1><h3>B</h3><p style="width:3000px;color:#999">faint</p>'
        '<img src="http://127.0.0.1:9/x.png" width="9" height="9"><script>console.log(1)</script>'
        '<div class="chart"><div class="plot" style="width:9px"><span style="margin-left:99px">x'
        "</span></div></div>"
    )
    page = chromium.open(file)

    found = layout(page)

    assert found["scrolls"]
    assert any("faint" in element for element in found["outside"])
    assert any("faint" in element for element in found["faint"])
    assert found["headings"] == [1, 3]
    assert len(found["misdrawn"]) == len(found["unlabelled"]) == 1
    assert any("127.0.0.1:9" in url for url in page.requests)
    assert any('"value": 1' in message for message in page.messages)
