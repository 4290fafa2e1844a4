"""`firehose plan --capacity`: rows, sparkline, advice, and the page that is whole or not there."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

from ops.planning.capacity_report import shares, sparkline
from plan.simulation import Second
from tests.running import Firehose


def second(arrived: int, throttled: int) -> Second:
    return Second(arrived=arrived, throttled=throttled, cold=0, busy=0, environments=0)


def test_shows_the_arithmetic_and_the_simulation_of_every_region(firehose: Firehose) -> None:
    result = firehose("plan", "--capacity", "--format", "json")

    assert result.returncode == 0
    rows = json.loads(result.stdout)
    assert [row["region"] for row in rows] == ["us-east-1", "eu-central-1", "ap-southeast-2"]
    assert rows[0]["account_needs"] == 2700
    assert rows[0]["throttled_at_peak"] == "50.0 %"
    assert 49 < float(rows[0]["simulated_at_peak"].split()[0]) < 51
    assert len(rows[0]["throttled_over_time"]) == 40


def test_says_what_to_reserve_when_the_peak_would_be_throttled(firehose: Firehose) -> None:
    result = firehose("plan", "--capacity", "--region", "eu-central-1")

    (sentence,) = result.stderr.splitlines()
    assert sentence.startswith("eu-central-1: 1,000 concurrent executions sustain 5,000 of 10,000")
    assert "50.0 % would be throttled" in sentence
    assert (
        "Next: function.reserved_concurrency = 2500 in an account that may run 2,700 (firehose"
        " quota request), which costs nothing: AWS bills calls, neither reservations nor quotas;"
        " or answer 99 % within 100 ms (traffic.p99_ms), which saves 2,802 USD a month"
    ) in sentence


def test_says_nothing_when_the_plan_has_the_capacity(firehose: Firehose, tmp_path: Path) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n[function]\nreserved_concurrency = 2500\n')

    assert firehose("plan", "--capacity", "--deployment", str(file)).stderr == ""


def test_capacity_plan_says_when_the_worker_cannot_keep_up(
    firehose: Firehose, tmp_path: Path
) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text(
        'name = "acme"\npods = ["EU1"]\n[function]\nreserved_concurrency = 2500\n'
        "[traffic]\nqueued_percent = 100\ndelivery_ms = 5000\n"
    )

    assert firehose("plan", "--capacity", "--deployment", str(file)).stderr.splitlines() == [
        (
            "eu-central-1: the queue grows: its worker takes 100 batches at once and needs 1,250."
            " Next: worker.maximum_concurrency = 1250 and worker.reserved_concurrency = 1250,"
            " which costs nothing: AWS bills calls, neither reservations nor quotas"
        )
    ]


def test_page_is_one_file_without_scripts_or_references(firehose: Firehose, tmp_path: Path) -> None:
    page = tmp_path / "capacity.html"
    result = firehose("plan", "--capacity", "--html", str(page))
    text = page.read_text(encoding="utf-8")

    assert f"Written: {page}" in result.stderr
    assert re.findall(r"<h2 id=.*?>(.*)</h2>", text) == ["us-east-1, eu-central-1, ap-southeast-2"]
    assert not re.search(r"<script|https?:|src=|href=|@import|url\(", text)
    for chart in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        assert ET.fromstring(chart).tag == "svg"  # noqa: S314 - our own text
    assert [path.name for path in tmp_path.iterdir()] == ["capacity.html"]


def test_page_says_first_whether_it_suffices_and_what_to_do(
    firehose: Firehose, tmp_path: Path
) -> None:
    page, enough = tmp_path / "capacity.html", tmp_path / "enough.toml"
    enough.write_text('name = "acme"\n[function]\nreserved_concurrency = 2500\n')

    firehose("plan", "--capacity", "--html", str(page))
    short = page.read_text(encoding="utf-8")
    firehose("plan", "--capacity", "--html", str(page), "--deployment", str(enough))
    sufficient = page.read_text(encoding="utf-8")

    assert "<strong>✗ 3 of 3 regions cannot carry the peak with a margin</strong>" in short
    assert short.count("function.reserved_concurrency = 2500 in an account") == 1
    assert "which saves 2,802 USD a month" in short
    assert "sustained: 5,000/s" in short
    assert "USD a month for all regions together" in short
    assert "<strong>✓ Every region carries its peak with a margin</strong>" in sufficient
    assert "Next: <code>firehose preflight</code>" in sufficient
    assert "sustained:" not in sufficient  # above what arrives


def test_page_has_landmarks_units_and_the_frame_of_the_hand_off(
    firehose: Firehose, tmp_path: Path
) -> None:
    page = tmp_path / "capacity.html"
    firehose("plan", "--capacity", "--html", str(page))
    text = page.read_text(encoding="utf-8")

    assert [text.count(f"<{it}") for it in ("header>", "main>", "footer ")] == [1, 1, 1]
    assert "@media (prefers-color-scheme: dark)" in text
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in text
    assert "<dt>peak</dt><dd>10,000 requests/s</dd>" in text
    assert "<dt>answered within (p99)</dt><dd>200 ms</dd>" in text


def test_page_gives_regions_that_differ_a_section_each(firehose: Firehose, tmp_path: Path) -> None:
    page, file = tmp_path / "capacity.html", tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n[function]\nreserved_concurrency = 2500\n')
    file.with_suffix(".limits.toml").write_text(
        "[regions.eu-central-1]\nmeasured_on = 2026-11-01\n"
        "concurrent_executions = 1200\nunreserved = 1200\n"
    )
    firehose("plan", "--capacity", "--html", str(page), "--deployment", str(file))
    text = page.read_text(encoding="utf-8")

    assert re.findall(r"<h2 id=.*?>(.*)</h2>", text) == [
        "us-east-1, ap-southeast-2",
        "eu-central-1",
    ]
    assert "✗ 1 of 3 regions cannot carry the peak with a margin" in text
    assert "Left out: function.reserved_concurrency = 2500 of the endpoint" in text
    assert "<td>2,700</td><td>1,200</td>" in text


def test_page_that_cannot_be_written_leaves_nothing_behind(
    firehose: Firehose, tmp_path: Path
) -> None:
    missing = tmp_path / "missing" / "capacity.html"
    taken = tmp_path / "taken"
    taken.mkdir()

    for path in (missing, taken):
        result = firehose("plan", "--capacity", "--html", str(path))
        assert result.returncode == 2
        assert f"{path} cannot be written: " in result.stderr
        assert "Traceback" not in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_page_without_capacity_is_wrong_usage(firehose: Firehose) -> None:
    result = firehose("plan", "--html", "capacity.html")

    assert (result.returncode, result.stdout) == (2, "")
    assert "Next: firehose plan --capacity --html capacity.html" in result.stderr


def test_sparkline_shows_every_refusal() -> None:
    assert sparkline([0.0, 0.001, 0.5, 0.99, 1.0]) == "▁▂▅██"


def test_shares_cover_all_seconds_and_weigh_them_by_calls() -> None:
    seconds = [second(10, 0), second(30, 30), second(0, 0), second(4, 1)]

    assert shares(seconds, 2) == [0.75, 0.25]
    assert shares(seconds, 40) == [0.0, 1.0, 0.0, 0.25]
