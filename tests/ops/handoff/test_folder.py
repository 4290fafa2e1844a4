"""The folder for mParticle: the same as data, as text to paste and as one page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from console.exit_codes import CommandError, ExitCode
from ops.handoff.folder import findings_of, region_of, write_folder
from ops.handoff.gaps import Gap
from plan.target import LOCAL
from tests.ops.handoff.handed_over import (
    LOGO,
    answers,
    check,
    everywhere,
    facts,
    saved,
    subject,
)

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"


def written(tmp_path: Path, content: dict[str, Any], logo: bytes | None = LOGO) -> dict[str, Path]:
    return {file.name: file for file in write_folder(tmp_path / "handoff", content, logo)}


def test_folder_has_data_text_page_and_logo(tmp_path: Path) -> None:
    content = everywhere()

    files = written(tmp_path, content)

    assert list(files) == ["handoff.json", "handoff.md", "handoff.html", "logo.svg"]
    assert json.loads(files["handoff.json"].read_text()) == json.loads(json.dumps(content))
    assert files["logo.svg"].read_bytes() == LOGO


def test_folder_without_a_logo_has_no_picture(tmp_path: Path) -> None:
    files = written(tmp_path, everywhere(), None)

    assert "logo.svg" not in files
    assert "<img" not in files["handoff.html"].read_text()


def test_keys_of_the_data_are_those_of_the_page_of_operations(tmp_path: Path) -> None:
    content = json.loads(written(tmp_path, everywhere())["handoff.json"].read_text())
    page = OPERATIONS.read_text(encoding="utf-8")
    table = re.findall(
        r"^\| (`.*?`) \| (.*) \|$", page[page.index("`handoff.json` is one") :], re.M
    )
    below = {keys.strip("`"): text for keys, text in table}

    assert re.findall(r"`(\w+)`", " ".join(keys for keys, _ in table)) == list(content)
    assert re.findall(r"`(\w+)`", below["regions"]) == list(content["regions"][0])


class Reader(HTMLParser):
    """Collects what a browser would fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.references: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.references += [value or "" for name, value in attrs if name in {"src", "href"}]


def test_page_holds_no_script_and_refers_to_nothing_outside(tmp_path: Path) -> None:
    page = written(tmp_path, everywhere())["handoff.html"].read_text()
    reader = Reader()
    reader.feed(page)

    assert page.startswith("<!doctype html>")
    assert "script" not in reader.tags
    assert [it.partition(",")[0] for it in reader.references if not it.startswith("#")] == [
        "data:image/svg+xml;base64"
    ]
    assert "default-src 'none'" in page
    assert "Proven in every region" in page


def test_gaps_are_marked_on_the_page_and_in_the_text(tmp_path: Path) -> None:
    gap = Gap(region="us-east-1", text="nothing is proven here.")

    files = written(tmp_path, everywhere(gaps=[gap]))

    assert "Not proven: 1 gap" in files["handoff.html"].read_text()
    assert "Proven in every region" not in files["handoff.html"].read_text()
    assert f"* **NOT PROVEN**: {gap}" in files["handoff.md"].read_text()


def test_advice_is_told_and_is_no_problem(tmp_path: Path) -> None:
    content = everywhere()
    content["regions"][0]["checks"][0]["advice"] = "answer <again>"

    page = written(tmp_path, content)["handoff.html"].read_text()

    assert "Advice: answer &lt;again&gt;" in page
    assert "4 messages answered right" in page


def test_slow_answer_is_right_and_not_ticked(tmp_path: Path) -> None:
    slow = saved(answers(answers=[check("unknown_field", "https", milliseconds=433.0)]))
    content = everywhere()
    content["regions"] = [region_of("us-east-1", facts(), slow)]

    page = written(tmp_path, content)["handoff.html"].read_text()

    assert "right, but 433 ms of 100 ms" in page
    assert "1 message answered right, 1 slowly" in page
    assert "Fields that mParticle adds some day are ignored." in page


def test_hand_off_of_the_embedded_aws_says_so_in_its_title(tmp_path: Path) -> None:
    embedded = subject(account=str(LOCAL.account))
    content = everywhere(gaps=[Gap(region="us-east-1", text="this is the embedded AWS.")])
    content["regions"] = [region_of("us-east-1", facts(embedded), saved())]

    page = written(tmp_path, content)["handoff.html"].read_text()

    assert "<title>EMBEDDED AWS: acme" in page
    assert "Made on an embedded AWS, not for mParticle: 1 gap" in page
    assert "Proven in every region" not in page


def test_share_that_falls_just_short_is_not_rounded_up_to_the_demand(tmp_path: Path) -> None:
    content = everywhere()
    content["regions"][0]["latency"][0]["summary"]["in_time"] = 0.989999

    files = written(tmp_path, content)

    assert "98.99 % of 300 answers" in files["handoff.html"].read_text()
    assert "98.99 % within 200 ms of 300 answers" in files["handoff.md"].read_text()


@pytest.mark.parametrize(
    ("missing", "heading"),
    [({"arn": None, "granted": [], "unconfirmed": []}, "ARN"), ({"urls": []}, "URLs")],
)
def test_page_of_one_transport_leaves_the_other_out(
    tmp_path: Path, missing: dict[str, Any], heading: str
) -> None:
    content = everywhere()
    content["pods"] = [pod | missing for pod in content["pods"]]

    page = written(tmp_path, content)["handoff.html"].read_text()

    assert ("Lambda ARN" in page, "HTTPS URLs" in page) == (heading == "URLs", heading == "ARN")
    assert ("Please confirm" in page) == (heading == "URLs")


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        ({"errorType": "KeyError"}, "$.type"),
        (
            {"type": "dsr_processing_response", "id": "67ded989-8047-4f87-820e-82eab445a4ed"},
            "no registration",
        ),
    ],
)
def test_answer_that_is_no_registration_is_an_error(answer: object, text: str) -> None:
    (finding,) = findings_of(answer)

    assert finding["severity"] == "error"
    assert text in finding["text"]
    assert list(finding) == ["id", "severity", "path", "text", "source"]


def test_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "handoff").write_text("a file")

    with pytest.raises(CommandError, match="cannot be made") as raised:
        written(tmp_path, everywhere())

    assert raised.value.exit_code is ExitCode.USAGE
