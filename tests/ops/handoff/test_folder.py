"""The folder for mParticle: proof that speaks for what is live, and a page that fetches nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from ops.handoff.folder import content_of, unproven, write_folder

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
VERSIONS = {"acme-firehose": "7 abc"}
LIVE = {"us-east-1": {"versions": VERSIONS, "quota_requests": [], "registration": {}}}


def proof(*, age: timedelta = timedelta(hours=1), **changes: Any) -> dict[str, Any]:
    numbers = {
        "answered": 300,
        "in_time": 1.0,
        "limit_ms": 200,
        "percentiles_ms": {"p50": 20.0, "p99": 40.0},
    }
    region = {
        "region": "us-east-1",
        "versions": VERSIONS,
        "differences": [],
        "checks": [{"transport": "lambda", "message": "<b>&", "problem": None}],
        "latency": [
            {
                "transport": "lambda",
                "conclusion": "pass",
                "summary": numbers,
                "calls": [[number / 20, 20.0, "answered", number == 0] for number in range(300)],
            }
        ],
    }
    return {
        "deployment": "acme",
        "made_at": (NOW - age).isoformat(),
        "regions": [region | changes],
    }


def folder(tmp_path: Path, texts: list[str]) -> str:
    content = content_of(
        name="acme",
        pods=[{"pod": "US1", "arn": "arn:aws:lambda"}],
        proof=proof(),
        live=LIVE,
        unproven_texts=texts,
        now=NOW,
    )
    files = write_folder(tmp_path / "handoff", content, b"<svg/>")
    assert [file.name for file in files] == [
        "handoff.json",
        "handoff.md",
        "handoff.html",
        "logo.svg",
    ]
    assert json.loads(files[0].read_text()) == content
    return files[2].read_text()


def test_fresh_proof_of_the_live_code_leaves_nothing_open() -> None:
    assert unproven(proof(), "acme", LIVE, NOW) == []


@pytest.mark.parametrize(
    ("saved", "text"),
    [
        (proof(age=timedelta(days=2)), "The proof is 2 days old."),
        (proof(versions={"acme-firehose": "6 xyz"}), "us-east-1: other code runs now"),
        (proof(region="eu-central-1"), "us-east-1: nothing is proven here."),
        (proof(latency=[]), "us-east-1: no answer times were measured."),
        (proof(differences=["x"]), "us-east-1: the proof shows problems."),
        (proof() | {"deployment": "other"}, "The proof is of other, not of acme."),
    ],
)
def test_proof_that_does_not_speak_for_what_is_live_is_told(
    saved: dict[str, Any], text: str
) -> None:
    (found,) = unproven(saved, "acme", LIVE, NOW)

    assert found.startswith(text)


class Reader(HTMLParser):
    """Collects what a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_page_fetches_nothing_runs_nothing_and_shows_every_call(tmp_path: Path) -> None:
    page = folder(tmp_path, [])
    reader = Reader()
    reader.feed(page)

    assert "script" not in reader.tags
    assert all(reference.startswith("data:image/svg+xml") for reference in reader.references)
    assert len(reader.references) == 1
    assert "default-src 'none'" in page
    assert reader.tags.count("circle") == 300
    assert "&lt;b&gt;&amp;" in page
    assert "Not proven" not in page


def test_what_is_not_proven_is_marked_on_the_page_and_in_the_text(tmp_path: Path) -> None:
    page = folder(tmp_path, ["us-east-1: nothing is proven here."])

    assert "Not proven: us-east-1: nothing is proven here." in page
    assert "**NOT PROVEN**" in (tmp_path / "handoff" / "handoff.md").read_text()
