"""The hand-off as Markdown, to paste where no page can be sent."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from console.output import Format, write
from ops.handoff.gaps import Gap
from ops.handoff.proof_line import line_of
from ops.handoff.wording import moment, percent


def text(content: Mapping[str, Any]) -> str:
    """Render the hand-off; `content` is what handoff.json holds."""
    return "\n".join(_lines(content))


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {content['name']}: hand-off to mParticle\n"
    proven = f", proven {moment(content['proven_at'])}" if content["proven_at"] else ""
    yield f"Made {moment(content['made_at'])}{proven}.\n"
    for gap in content["gaps"]:
        yield f"* **NOT PROVEN**: {Gap(**gap)}"
    yield "\n## Endpoints\n"
    yield _pods(content)
    for region in content["regions"]:
        yield from _region(region)
    yield "\n## Registration\n"
    for finding in content["findings"]:
        yield f"* {finding['severity']} {finding['id']} `{finding['path']}`: {finding['text']}"
    registration = json.dumps(content["registration"], indent=2, ensure_ascii=False)
    yield f"\n```json\n{registration}\n```\n"


def _pods(content: Mapping[str, Any]) -> str:
    stream = StringIO()
    write(content["pods"], form=Format.MARKDOWN, stream=stream)
    return "\n".join(line.strip() for line in stream.getvalue().strip().splitlines())


def _region(region: Mapping[str, Any]) -> Iterator[str]:
    yield f"\n## {region['region']}\n"
    yield line_of(region)
    for measured in region["latency"]:
        numbers = measured["summary"]
        yield (
            f"* {measured['transport']}: {percent(numbers['in_time'])} within"
            f" {numbers['limit_ms']} ms of {numbers['answered']:,} answers:"
            f" {measured['conclusion']}"
        )
    for request in region["quota_requests"]:
        yield (
            f"* {request['quota']}: {request['desired']:,} asked for, {request['status']},"
            f" case {request['case'] or '-'}"
        )
