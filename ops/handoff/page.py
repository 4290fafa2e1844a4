"""The hand-off as one HTML file: no script, nothing fetched, readable anywhere and printable."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

_WIDTH, _HEIGHT, _LEFT, _BOTTOM = 860, 200, 60, 24
_MOST_DOTS = 2_000
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; padding: 0 1rem;
  max-width: 900px; color: #1b1b1b; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #ddd;
  vertical-align: top; overflow-wrap: anywhere; }
pre { background: #f6f6f6; padding: 1rem; overflow: auto; }
svg { width: 100%; height: auto; }
text { font: 12px system-ui, sans-serif; fill: #555; }
.axis { stroke: #bbb; } .limit { stroke: #d33; stroke-dasharray: 6 4; }
.call { fill: #2563c9; fill-opacity: .6; } .cold { fill: #d98a00; } .bad { fill: #d33; }
.unproven { background: #fde8e8; padding: .6rem 1rem; }
.logo { height: 96px; background: #fff; border: 1px solid #ddd; padding: 8px; }
"""


def page(content: Mapping[str, Any], logo: bytes | None) -> str:
    """Render the hand-off; `content` is what handoff.json holds."""
    unproven = "".join(
        f'<p class="unproven">Not proven: {escape(text)}</p>' for text in content["unproven"]
    )
    regions = "\n".join(_region(region) for region in content["regions"])
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta http-equiv="Content-Security-Policy"'
        " content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\">\n"
        f"<title>{escape(content['name'])}: hand-off to mParticle</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n"
        f"<h1>{escape(content['name'])}: hand-off to mParticle</h1>\n"
        f"<p>Made {escape(content['made_at'])}; proven {escape(content['proven_at'])}.</p>\n"
        f"{unproven}{_logo(logo)}<h2>Endpoints</h2>\n{table(content['pods'])}\n{regions}\n"
        f"<h2>Registration</h2>\n{table(content['findings']) or '<p>Nothing to object to.</p>'}\n"
        f"<details><summary>JSON</summary><pre>{escape(_json(content['registration']))}</pre>"
        "</details>\n</body>\n</html>\n"
    )


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Render rows of the same columns; empty without rows."""
    if not rows:
        return ""
    head = "".join(f"<th>{escape(key.replace('_', ' '))}</th>" for key in rows[0])
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(_cell(value))}</td>" for value in row.values()) + "</tr>"
        for row in rows
    )
    return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>"


def chart(measured: Mapping[str, Any], title: str) -> str:
    """Draw every call of a load as a dot: when it was due, how long its answer took."""
    calls = measured["calls"]
    step = -(-len(calls) // _MOST_DOTS) or 1
    limit = measured["summary"]["limit_ms"]
    top = max([limit * 1.2, *(call[1] for call in calls)])
    seconds = max([1.0, *(call[0] for call in calls)])

    def at(due: float, milliseconds: float) -> tuple[float, float]:
        return (
            round(_LEFT + due / seconds * (_WIDTH - _LEFT - 10), 1),
            round((_HEIGHT - _BOTTOM) * (1 - milliseconds / top) + 4, 1),
        )

    # the slowest are never left out
    shown = sorted(calls, key=lambda call: -call[1])
    dots = "".join(
        '<circle cx="{}" cy="{}" r="2.5" class="{}"/>'.format(*at(call[0], call[1]), _kind(call))
        for call in [*shown[:200], *shown[200::step]]
    )
    left, right = at(0, limit), at(seconds, limit)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">'
        f'<line class="axis" x1="{_LEFT}" y1="{at(0, 0)[1]}" x2="{_WIDTH}" y2="{at(0, 0)[1]}"/>'
        f'<line class="limit" x1="{left[0]}" y1="{left[1]}" x2="{right[0]}" y2="{right[1]}"/>'
        f'<text x="0" y="{left[1] + 4}">{limit} ms</text>{dots}'
        f'<text x="{_LEFT}" y="{_HEIGHT - 4}">0 s</text>'
        f'<text x="{_WIDTH}" y="{_HEIGHT - 4}" text-anchor="end">{seconds:g} s</text></svg>'
    )


def _region(region: Mapping[str, Any]) -> str:
    parts = [f"<h2>{escape(region['region'])}</h2>", table(region["checks"])]
    for measured in region["latency"]:
        title = f"{region['region']}, {measured['transport']}: {measured['conclusion']}"
        numbers = measured["summary"] | measured["summary"]["percentiles_ms"]
        kept = {key: value for key, value in numbers.items() if not isinstance(value, dict)}
        parts += [f"<h3>{escape(title)}</h3>", table([kept]), chart(measured, title)]
    if region["quota_requests"]:
        parts += ["<h3>Quota requests</h3>", table(region["quota_requests"])]
    return "\n".join(parts)


def _kind(call: Sequence[Any]) -> str:
    if call[2] != "answered":
        return "bad"
    return "call cold" if call[3] else "call"


def _logo(logo: bytes | None) -> str:
    if logo is None:
        return ""
    # as an image, so that nothing in it can run or load
    data = base64.b64encode(logo).decode()
    return f'<img class="logo" alt="Logo" src="data:image/svg+xml;base64,{data}">\n'


def _cell(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "-"
    return "-" if value is None or value == "" else str(value)


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)
