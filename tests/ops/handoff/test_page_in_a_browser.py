"""The hand-off as a person sees it: in a real browser, wide and narrow, light, dark and printed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ops.handoff.gaps import Gap
from ops.handoff.handoff_page import page as rendered
from tests.axe import violations
from tests.browser import Browser, Page
from tests.ops.handoff.handed_over import LOGO, everywhere, load

pytestmark = pytest.mark.rehearsal

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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("content", [everywhere, slow_and_cold])
def test_axe_finds_no_violation(
    opened: Open, content: Callable[[], dict[str, Any]], scheme: str
) -> None:
    page = opened(content())
    page.evaluate("document.querySelectorAll('details').forEach((it) => { it.open = true })")
    page.show(width=390, scheme=scheme)

    assert violations(page) == []


def test_details_are_folded_on_a_screen_and_shown_in_print(opened: Open) -> None:
    page = opened()
    shown = """
      [...document.querySelectorAll("details :is(table, figure)")].map((it) => it.checkVisibility())
    """

    page.show(width=390)
    folded = page.evaluate(shown)
    page.show(width=700, media="print")

    assert not any(folded)
    assert all(page.evaluate(shown))


def test_contents_lead_to_every_part(opened: Open) -> None:
    page = opened()

    headings = page.evaluate("""
      [...document.querySelectorAll("nav a")]
        .map((it) => document.querySelector(it.hash)?.innerText)
    """)
    assert headings == ["Endpoints", "Please confirm", "Proof", "Registration"]


def test_no_word_of_a_title_is_broken_on_a_telephone(opened: Open) -> None:
    page = opened(everywhere(gaps=[Gap(region="ap-southeast-2", text="nothing is proven here.")]))
    page.show(width=390)

    lines = page.evaluate("""
      [...document.querySelectorAll("h1, h2, h3, .badge, .whole")].flatMap((title) => {
        const texts = document.createTreeWalker(title, NodeFilter.SHOW_TEXT);
        const found = [];
        while (texts.nextNode()) {
          for (const word of texts.currentNode.data.matchAll(/\\S+/g)) {
            const range = document.createRange();
            range.setStart(texts.currentNode, word.index);
            range.setEnd(texts.currentNode, word.index + word[0].length);
            if (range.getClientRects().length > 1) found.push(word[0]);
          }
        }
        return found;
      })
    """)
    assert lines == []


def test_axe_notices_what_is_wrong(chromium: Browser, tmp_path: Path) -> None:
    file = tmp_path / "bad.html"
    file.write_text("<!doctype html><title>x</title><img src='data:,'><p style='color:#ccc'>faint")

    found = " ".join(violations(chromium.open(file)))

    assert "image-alt" in found
    assert "html-has-lang" in found


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
    hostile = {
        **dict.fromkeys(("advice", "transport", "message", "demand"), HOSTILE),
        "milliseconds": 1.0,
        "limit_ms": 9,
        "in_time": False,
    }
    content = everywhere(
        name=HOSTILE,
        gaps=[Gap(region="us-east-1", text=HOSTILE)],
        registration={"name": HOSTILE, "</pre>": HOSTILE},
        findings=[
            {"id": "P1", "severity": "error", "path": HOSTILE, "text": HOSTILE, "source": HOSTILE}
        ],
    )
    code = {"target": HOSTILE, "function": HOSTILE, "version": 1, "code": HOSTILE}
    content["regions"][0] |= {"checks": [hostile], "endpoints": {HOSTILE: code}}
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
    code = {"target": long, "function": long, "version": 1, "code": long}
    content["regions"][0] |= {"endpoints": {"lambda": code}, "concurrency": {long: 1}}
    content["regions"][0]["checks"][0] |= {"message": long, "advice": long}

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
