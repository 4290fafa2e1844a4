"""The transcript is what the commands write, played again from start to end."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

from tests.browser import browser
from tests.local.transcript.play import Played, play
from tests.local.transcript.stable import Stable
from tests.pages import TRANSCRIPT


@pytest.fixture(scope="module")
def played() -> Played:
    return play()


@pytest.mark.rehearsal
def test_commands_write_what_the_page_shows(played: Played) -> None:
    differences = "\n".join(
        difflib.unified_diff(
            TRANSCRIPT.read_text(encoding="utf-8").splitlines(),
            played.transcript.splitlines(),
            "page",
            "now",
            lineterm="",
        )
    )

    assert not differences, f"If that is meant, make transcript:\n{differences}"


@pytest.mark.rehearsal
def test_failed_wave_takes_back_what_was_moved(played: Played) -> None:
    release = played.transcript.split("Then a release that fails")[1].split("```")[1]

    for region in ("us-east-1", "eu-central-1", "ap-southeast-2"):
        assert f"{region}: acme-firehose is back at version 1" in release
    assert release.count("taken back   1        1\n") == 3


@pytest.mark.rehearsal
def test_handoff_of_the_deployment_is_whole_and_holds_no_secret(played: Played) -> None:
    content = json.loads(played.handoff["handoff.json"])

    assert [pod["pod"] for pod in content["pods"]] == ["US1", "US2", "EU1", "AU1"]
    # ten calls prove nothing about answer times, and what proves nothing is not saved
    assert [region["latency"] for region in content["regions"]] == [[], [], []]
    assert [len(region["quota_requests"]) for region in content["regions"]] == [2, 2, 2]
    assert content["registration"]["name"] == "Acme"
    assert all(b"a-token-of-mparticles" not in file for file in played.handoff.values())
    assert "a-token-of-mparticles" not in played.transcript


@pytest.mark.rehearsal
def test_page_of_the_deployment_fits_a_phone(played: Played, tmp_path: Path) -> None:
    file = tmp_path / "handoff.html"
    file.write_bytes(played.handoff["handoff.html"])

    with browser() as running:
        page = running.open(file)
        page.show(width=360)

        assert page.messages == []
        assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_slow_and_quick_load_are_written_alike() -> None:
    quick = (
        "us-east-1: calls: 10 of 10\n"
        "us-east-1: lambda: 100.00% of 10 answers within 200 ms (at least 74.11% with 95 %"
        " confidence), 0 throttled, 0 failed: too few calls\n"
        "  p50 9 ms, p95 9 ms, p99 9 ms, p99.9 9 ms; 1 cold; sent late by p99 0.1 ms\n"
        "us-east-1: lambda: too few calls: 10 answers do not prove it\nNext: raise it\n"
    )
    slow = (
        "us-east-1: calls: 3 of 10\nus-east-1: calls: 10 of 10\n"
        "us-east-1: lambda: 40.00% of 10 answers within 200 ms (at least 15.00% with 95 %"
        " confidence), 0 throttled, 0 failed: fail\n"
        "  p50 900 ms, p95 1900 ms, p99 2000 ms, p99.9 2000 ms; 3 cold; sent late by p99 41 ms\n"
        "us-east-1: lambda: fail: too slow from here\nNext: measure closer\n"
    )

    assert Stable()(quick, hashes=[]) == Stable()(slow, hashes=[])


def test_same_value_keeps_its_name_and_another_gets_another() -> None:
    stable = Stable()
    one, other = "97eb44d6-4fe2-418c-adcf-1fc3404fa1d6", "c2770df4-6120-4da3-9a49-07c095ac6b0c"

    first = stable(f"{one} {other}", hashes=[])
    second = stable(f"{other} of FBJQFsdkoPQF", hashes=["FBJQFsdkoPQF"])

    assert first.split()[1] == second.split()[0] != first.split()[0]
    assert second.endswith("of code00000001")


def test_what_regions_say_at_once_is_in_the_plans_order_with_its_next_step() -> None:
    text = "eu-central-1: lost\nNext: find it\nus-east-1: fine\n  very\nDone.\nus-east-1: gone"

    assert Stable()(text, hashes=[]).splitlines() == [
        "us-east-1: fine",
        "  very",
        "eu-central-1: lost",
        "Next: find it",
        "Done.",
        "us-east-1: gone",
    ]
