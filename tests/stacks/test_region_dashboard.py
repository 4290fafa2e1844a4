"""The dashboard of a region: its layout is that of the docs, its lines those of the plan."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.stacks.variants import VARIANTS, Variants, resources

PAGE = (Path(__file__).parents[2] / "docs" / "dashboard.md").read_text(encoding="utf-8")
COLUMN = 5

Widget = dict[str, Any]


def body(variants: Variants, variant: str) -> dict[str, Any]:
    (board,) = resources(variants.template(variant), "AWS::CloudWatch::Dashboard").values()
    written = board["Properties"]["DashboardBody"]
    parts = written["Fn::Join"][1] if isinstance(written, dict) else [written]
    text = "".join(part if isinstance(part, str) else "x" for part in parts)
    found: dict[str, Any] = json.loads(text)
    return found


def widgets(variants: Variants, variant: str) -> list[Widget]:
    found: list[Widget] = body(variants, variant)["widgets"]
    return found


def layout(shown: list[Widget]) -> str:
    """Draw the rows of a dashboard as a person sees them."""
    lines = []
    for y in sorted({widget["y"] for widget in shown}):
        row = sorted((widget for widget in shown if widget["y"] == y), key=lambda w: w["x"])
        cells = [w["properties"]["title"].ljust(w["width"] * COLUMN - 2)[:118] for w in row]
        lines.append("| ".join(cells))
    return "\n".join(line.rstrip() for line in lines)


def limits(variants: Variants, variant: str) -> dict[str, list[float]]:
    return {
        widget["properties"]["title"]: [
            line["value"] for line in widget["properties"]["annotations"]["horizontal"]
        ]
        for widget in widgets(variants, variant)
        if "annotations" in widget["properties"]
    }


def test_page_shows_the_layout_of_a_region_that_has_everything(variants: Variants) -> None:
    (shown,) = re.findall(r"```text\n(.*?)\n```", PAGE, re.DOTALL)

    assert shown == layout(widgets(variants, "both")).replace("eu-central-1", "REGION")


@pytest.mark.parametrize("variant", VARIANTS)
def test_every_alarm_of_the_region_is_on_top(variants: Variants, variant: str) -> None:
    top = widgets(variants, variant)[0]
    alarms = resources(variants.template(variant), "AWS::CloudWatch::Alarm")

    assert (top["type"], top["y"]) == ("alarm", 0)
    # parts of a composite tell nobody; the composite is there in their place
    telling = [alarm for alarm in alarms.values() if alarm["Properties"].get("AlarmActions")]
    assert len(top["properties"]["alarms"]) >= len(telling)


@pytest.mark.parametrize("variant", VARIANTS)
def test_widgets_stay_within_the_board_and_do_not_overlap(variants: Variants, variant: str) -> None:
    covered = [
        (x, y)
        for widget in widgets(variants, variant)
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]

    assert len(covered) == len(set(covered))
    assert max(x for x, _ in covered) < 24


def test_lines_are_mparticles_limits_and_what_was_reserved(variants: Variants) -> None:
    lines = limits(variants, "both")

    assert lines["Endpoint: duration"] == [200]
    assert lines["HTTPS: duration"] == lines["API: latency"] == [100]
    assert lines["Endpoint: concurrency"] == [1000]
    assert lines["Worker: concurrency"] == [100]
    assert "Endpoint: concurrency" not in limits(variants, "shared")


def test_rows_are_those_of_the_parts_that_exist(variants: Variants) -> None:
    def parts(variant: str) -> set[str]:
        titles = [widget["properties"]["title"] for widget in widgets(variants, variant)[1:]]
        return {title.partition(":")[0] for title in titles}

    assert parts("acme") == {"Endpoint", "Cost"}
    assert parts("https") == {"HTTPS", "API", "Cost"}
    assert parts("queued") == {"Endpoint", "Queue", "Worker", "Cost"}


def test_graphs_keep_the_period_that_their_unit_names(variants: Variants) -> None:
    # docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure
    assert body(variants, "both")["periodOverride"] == "inherit"
