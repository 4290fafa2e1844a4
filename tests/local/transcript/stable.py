"""Makes a transcript the same every day: ids, moments, hashes, ports and times become fixed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ops.proof.latency_check import OPERATOR, Measured
from plan.fields import TransportName
from plan.mparticle import HTTPS_P99_MS, LAMBDA_P99_MS
from probe.latency_summary import Conclusion, summary
from probe.load_schedule import steady
from probe.timed_calls import TimedCall
from tests.local.transcript.stage import REGIONS

_LIMITS_MS = {"lambda": LAMBDA_P99_MS, "https": HTTPS_P99_MS}
_MILLISECONDS = 21.5
_QUIET: Conclusion = "too few calls"
_NAMED = (
    ("id", r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "00000000-0000-4000-8000-{:012d}"),
    ("api", r"(?<=//)[0-9a-f]{8}(?=\.execute-api)", "api{:05d}"),
    ("request", r"request-\d", "request-{}"),
)
"""What is told apart: its kind, how it looks, and what its n-th value is called."""
_FIXED = (
    (r"(?<=localhost:)\d{4,5}", "45660"),
    (r"(?<=127\.0\.0\.1:)\d{4,5}", "8080"),
    (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", "2026-11-23T12:00:00"),
    (r"(?<=2026-11-23T12:00:00)\.\d{3}", ".000"),
    (r"(?<=\.py:)\d+(?= in )", "NN"),
    (r"(?<=p99 ms )[\d.]+", "0.0"),
    (r"(?<=^  )\d\d:\d\d:\d\d(?=   )", "12:00:00"),
)
"""What has one value: how it looks, and what it becomes."""
_RATES = (
    r"(?<=[\w-] )[ ]*\d+\.\d(?= +\d+ +\d+ +(?:-|\d+) +\d+ *$)",
    r"(?<=[\d-] )[ ]*\d+\.\d(?= +\d+ +\d+ *$)",
)
"""Calls a second in rows of `status`: of a region, of a function."""


class Stable:
    """Replaces what differs from run to run; the same value gets the same name all the way."""

    def __init__(self) -> None:
        self._named: dict[str, dict[str, str]] = {}

    def __call__(self, text: str, *, hashes: Iterable[str]) -> str:
        """Replace in what one command wrote; `hashes` are those of the code that is live."""
        lines = _ordered(_unhurried(line.rstrip() for line in text.splitlines()))
        text = "\n".join(lines)
        for found in hashes:
            text = text.replace(found, self._name("hash", found, "code{:08d}"))
        for kind, pattern, form in _NAMED:
            text = re.sub(pattern, self._naming(kind, form), text)
        for pattern, fixed in _FIXED:
            text = re.sub(pattern, fixed, text, flags=re.MULTILINE)
        for pattern in _RATES:
            text = re.sub(pattern, _unhurried_rate, text, flags=re.MULTILINE)
        # a cell of a table, whose column is as wide as its heading
        return re.sub(r"\d+\.\d *(?=  (yes|no))", _same_width, text)

    def _naming(self, kind: str, form: str) -> Callable[[re.Match[str]], str]:
        return lambda match: self._name(kind, match[0], form)

    def _name(self, kind: str, value: str, form: str) -> str:
        names = self._named.setdefault(kind, {})
        return names.setdefault(value, form.format(len(names) + 1))


def _unhurried_rate(match: re.Match[str]) -> str:
    return "0.0".rjust(len(match[0]))


def _same_width(match: re.Match[str]) -> str:
    return f"{_MILLISECONDS}".ljust(len(match[0]))


def _unhurried(lines: Iterable[str]) -> Iterable[str]:
    """Let a load's answers take as long as on a machine that does nothing else.

    The words come from the code that says them, so that other words change the page.
    """
    skipped = False
    for line in lines:
        measured = re.match(r"([\w-]+): (lambda|https): .* of (\d+) answers within", line)
        judged = re.match(r"([\w-]+): (lambda|https): (fail|too few calls): ", line)
        if skipped:  # the next step of what was just said
            skipped = False
        elif measured:
            yield f"{measured[1]}: {measured[2]}: {_load(measured[2]).summary.sentence()}"
        elif judged:
            skipped = True
            yield f"{judged[1]}: {judged[2]}: {_QUIET}: {_load(judged[2]).next_step}"
        elif line.startswith("  p50 "):
            numbers = ", ".join(
                f"{name} {_MILLISECONDS} ms" for name in re.findall(r"p[\d.]+(?= \d)", line)[:4]
            )
            yield f"  {numbers}; 1 cold; sent late by p99 0.5 ms"
        elif re.search(r"answer times over (lambda|https): fail\.$", line):
            yield line.replace(": fail.", f": {_QUIET}.")
        elif not _is_half_way(line):
            yield line


def _load(transport: str) -> Measured:
    name: TransportName = "lambda" if transport == "lambda" else "https"
    call = TimedCall(
        due_seconds=0, milliseconds=_MILLISECONDS, late_ms=0, outcome="answered", cold=False
    )
    calls = [call] * 10
    result = summary(calls, limit_ms=_LIMITS_MS[name])
    assert result.conclusion == _QUIET
    return Measured(
        transport=name, measured_from=OPERATOR, schedule=steady(5, 2), calls=calls, summary=result
    )


def _is_half_way(line: str) -> bool:
    """Whether a line of progress is one that only a slow machine says."""
    counted = re.fullmatch(r"[\w-]+: [\w ]+: (\d+) of (\d+)", line)
    return counted is not None and counted[1] != counted[2]


def _ordered(lines: Iterable[str]) -> list[str]:
    """Put what regions that work at once say one after another into the regions' order.

    What a region says is a line that begins with its name, and the lines that go on about it.
    """
    ordered: list[str] = []
    sayings: list[list[str]] = []
    for line in lines:
        if _region_of(line) is not None:
            sayings.append([line])
        elif sayings and line.startswith(("Next: ", "  ")):
            sayings[-1].append(line)
        else:
            ordered += _in_order(sayings)
            sayings = []
            ordered.append(line)
    return ordered + _in_order(sayings)


def _in_order(sayings: list[list[str]]) -> list[str]:
    ranked = sorted(sayings, key=lambda saying: REGIONS.index(_region_of(saying[0]) or ""))
    return [line for saying in ranked for line in saying]


def _region_of(line: str) -> str | None:
    return next((region for region in REGIONS if line.startswith(f"{region}: ")), None)
