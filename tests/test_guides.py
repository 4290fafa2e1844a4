"""The pages for partners' engineers say what the code does."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

import firehose
from acme.partner_api import ANSWERING_SECONDS, LONGEST_SECONDS
from firehose.processor import ITEM_HOOKS, MESSAGE_HOOKS
from partner_http.connections import IDLE_SECONDS
from plan.deployment import load

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
JAVA = (DOCS / "from-the-java-sdk.md").read_text(encoding="utf-8")
PERFORMANCE = (DOCS / "performance.md").read_text(encoding="utf-8")
DELIVERY = (DOCS / "delivery.md").read_text(encoding="utf-8")


JAVA_HOOKS = [
    "processRegistrationRequest",
    "processEventProcessingRequest",
    "processAudienceSubscriptionRequest",
    "processAudienceMembershipChangeRequest",
    "processDsrProcessingRequest",
    "processGDPRConsentStateNotification",
    "processCCPAConsentStateNotification",
    "processSessionStartEvent",
    "processSessionEndEvent",
    "processCustomEvent",
    "processScreenViewEvent",
    "processErrorEvent",
    "processPrivacySettingChangeEvent",
    "processUserAttributeChangeEvent",
    "processUserIdentityChangeEvent",
    "processPushSubscriptionEvent",
    "processApplicationStateTransitionEvent",
    "processPushMessageReceiptEvent",
    "processPushMessageOpenEvent",
    "processProductActionEvent",
    "processPromotionActionEvent",
    "processImpressionEvent",
    "processAttributionEvent",
]
"""Every method of SDK 3.2.0 that is there to be overridden: 18 for items and 5 for messages."""


def python_name(java: str) -> str:
    """Write a Java method's name as Python does, with acronyms as one word."""
    words = re.findall(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+", java)
    return "_".join(word.lower() for word in words)


def test_each_hook_of_the_java_sdk_keeps_its_name_as_the_page_says() -> None:
    ours = {*ITEM_HOOKS.values(), *(hook for hook, _ in MESSAGE_HOOKS.values())}
    theirs = {python_name(java) for java in JAVA_HOOKS}
    ((java, python),) = re.findall(r"`(process\w+)` is\s`(process_\w+)`", JAVA)

    assert len(theirs) == 23
    assert theirs <= ours
    assert ours - theirs == set(re.findall(r"`(process_unknown_\w+)`", JAVA))
    assert python_name(java) == python


def test_jar_of_the_guide_is_a_deployment(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", JAVA, re.DOTALL)
    jar = tmp_path / "acme-all.jar"
    jar.write_bytes(b"PK")
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n' + example.replace("build/libs/acme-all.jar", str(jar)))

    deployment = load(file)

    assert not deployment.code.is_ours


@pytest.mark.parametrize("name", ["remaining_seconds", "RetryableError", "RejectedMessage"])
def test_names_of_the_guide_are_public(name: str) -> None:
    assert name in JAVA
    assert name in firehose.__all__


def test_each_number_of_the_performance_page_has_a_benchmark_that_make_runs() -> None:
    named = set(re.findall(r"python -m (benchmarks\.\w+)", PERFORMANCE))
    sections = PERFORMANCE.split("\n## ")[1:]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")

    assert len(sections) >= 5
    for section in sections:
        assert re.search(r"python -m benchmarks\.\w+", section), section.splitlines()[0]
    for module in named:
        assert find_spec(module), module
        assert f"\tpython -m {module}\n" in makefile


def test_times_of_the_example_on_a_page_are_those_of_its_code() -> None:
    said = f"nothing within {LONGEST_SECONDS:g} s, or within what Lambda leaves less "
    record = (DOCS / "adr" / "0040-http-of-the-example.md").read_text(encoding="utf-8")

    assert f"{said}{ANSWERING_SECONDS:g} s" in DELIVERY
    assert f"again for {IDLE_SECONDS:g} seconds of rest" in record
