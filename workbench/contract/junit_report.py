"""The outcomes as JUnit XML, which CI systems show: a suite for each endpoint, a case a check.

The form is that of Jenkins' xUnit plug-in, `junit-10.xsd`, which pytest writes as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from probe.endpoint_check import State
from workbench.contract.contract_checks import CheckOutcome

_ILLEGAL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Any character but those of XML 1.0, section 2.2."""


def junit_xml(outcomes: Sequence[CheckOutcome]) -> bytes:
    """Write the outcomes; what failed is a failure, what is advice is told and passes."""
    root = ET.Element("testsuites")
    suites = dict.fromkeys((it.endpoint, it.transport) for it in outcomes)
    for endpoint, transport in suites:
        here = [it for it in outcomes if (it.endpoint, it.transport) == (endpoint, transport)]
        suite = ET.SubElement(
            root,
            "testsuite",
            name=_legal(f"{endpoint} {transport}"),
            tests=str(len(here)),
            failures=str(_count(here, State.FAILED)),
            skipped=str(_count(here, State.SKIPPED)),
            errors="0",
            time=_seconds(sum(it.milliseconds for it in here)),
        )
        for it in here:
            _add_case(suite, it)
    ET.indent(root)
    text: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return text


def _add_case(suite: ET.Element, outcome: CheckOutcome) -> None:
    name = f"firehose.contract.{outcome.transport}"
    case = ET.SubElement(
        suite,
        "testcase",
        classname=name,
        name=outcome.check.name,
        time=_seconds(outcome.milliseconds),
    )
    result = outcome.result
    reason = _legal(result.reason)
    if result.state is State.FAILED:
        failure = ET.SubElement(case, "failure", message=reason)
        failure.text = _legal(
            f"{outcome.check.demand}\nSource: {outcome.check.source}\nNext: {result.next_step}"
        )
    elif result.state is State.SKIPPED:
        ET.SubElement(case, "skipped", message=reason)
    elif reason:
        ET.SubElement(case, "system-out").text = f"{result.state}: {reason}"


def _count(outcomes: Sequence[CheckOutcome], state: State) -> int:
    return sum(it.result.state is state for it in outcomes)


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"


def _legal(text: str) -> str:
    """Replace what XML 1.0 cannot hold; an answer may quote anything."""
    return _ILLEGAL.sub("\ufffd", text)
