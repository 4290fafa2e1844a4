"""The capacity report as one HTML file: no script, nothing fetched, readable anywhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from console.whole_file import write_whole
from ops.planning.capacity_report import RegionCapacity, record
from plan.simulation import Second

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 860, 220, 70, 30
_POINTS = 400
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 900px; color: #1b1b1b; }
dl { display: grid; grid-template-columns: repeat(4, auto 1fr); gap: .2rem 1rem; }
dt { color: #666; } dd { margin: 0; font-weight: 600; }
svg { width: 100%; height: auto; } text { font: 12px system-ui, sans-serif; fill: #555; }
.arrived { fill: none; stroke: #555; stroke-width: 1.5; } .throttled { fill: #d33; }
.axis { stroke: #bbb; }
"""
_HIDDEN = ("region", "throttled_over_time")


def write_page(path: Path, regions: Sequence[RegionCapacity]) -> None:
    """Write the report of all regions whole, or leave what was there.

    Raises `CommandError` with exit code 2 when the file cannot be written.
    """
    write_whole(path, page(regions))


def page(regions: Sequence[RegionCapacity]) -> str:
    """Render the report: the arithmetic and the simulated traffic of each region."""
    sections = "\n".join(_section(region) for region in regions)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f"<title>Capacity</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>Capacity</h1>\n"
        "<p>Grey: the requests of each second. Red: those refused, because no environment was"
        " free and Lambda could not start another one yet, or may not.</p>\n"
        f"{sections}\n</body>\n</html>\n"
    )


def _section(region: RegionCapacity) -> str:
    facts = "\n".join(
        f"<dt>{escape(key.replace('_', ' '))}</dt><dd>{escape(str(value))}</dd>"
        for key, value in record(region).items()
        if key not in _HIDDEN
    )
    heading = escape(region.plan.region)
    return f"<h2>{heading}</h2>\n<dl>\n{facts}\n</dl>\n{_chart(region.seconds, heading)}"


def _chart(seconds: Sequence[Second], title: str) -> str:
    every = max(1, len(seconds) // _POINTS)
    shown = seconds[::every]
    most = max(1, *(second.arrived for second in shown))
    right, top, floor = _WIDTH - 10, 10, _HEIGHT - _BOTTOM

    def x(index: int) -> float:
        return _LEFT + (right - _LEFT) * index / max(1, len(shown) - 1)

    def y(calls: int) -> float:
        return floor - (floor - top) * calls / most

    arrived = " ".join(f"{x(i):.1f},{y(s.arrived):.1f}" for i, s in enumerate(shown))
    throttled = " ".join(f"{x(i):.1f},{y(s.throttled):.1f}" for i, s in enumerate(shown))
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{title}: requests a second'
        ' and those refused">\n'
        f'<polygon class="throttled" points="{_LEFT},{floor} {throttled} {right},{floor}"/>\n'
        f'<polyline class="arrived" points="{arrived}"/>\n'
        f'<line class="axis" x1="{_LEFT}" y1="{floor}" x2="{right}" y2="{floor}"/>\n'
        f'<text x="{_LEFT - 8}" y="{top + 10}" text-anchor="end">{most:,}/s</text>\n'
        f'<text x="{_LEFT - 8}" y="{floor}" text-anchor="end">0</text>\n'
        f'<text x="{_LEFT}" y="{_HEIGHT - 8}">0 s</text>\n'
        f'<text x="{right}" y="{_HEIGHT - 8}" text-anchor="end">{len(seconds)} s</text>\n</svg>'
    )
