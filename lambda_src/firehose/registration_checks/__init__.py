"""Tells what mParticle would refuse or question, before it does.

Loaded only when used: an endpoint that answers mParticle does not need it.
"""

from __future__ import annotations

from firehose.processor import MessageProcessor
from firehose.registration import ModuleRegistrationResponse
from firehose.registration_checks.answers import check_answer
from firehose.registration_checks.changes import check_changes
from firehose.registration_checks.events import check_events
from firehose.registration_checks.finding import Finding
from firehose.registration_checks.module import check_hooks, check_module
from firehose.registration_checks.outputs import check_outputs
from firehose.registration_checks.permissions import check_permissions
from firehose.registration_checks.settings import check_settings

__all__ = ["Finding", "check_answer", "check_registration"]

_ORDER = ("error", "warning", "info")


def check_registration(
    response: ModuleRegistrationResponse,
    previous: ModuleRegistrationResponse | None = None,
    *,
    processor: type[MessageProcessor] | None = None,
) -> list[Finding]:
    """Check a registration, the worst findings first.

    `previous` is the registration mParticle has now: every difference is found, an error where it
    breaks something, a warning where customers see it. With `processor`, the integration's class,
    missing hooks are found as well.
    """
    findings = [
        *check_module(response),
        *check_permissions(response, previous),
        *check_settings(response, processor),
        *check_outputs(response),
    ]
    if response.event_processing_registration:
        findings += check_events(response.event_processing_registration)
    if previous:
        findings += check_changes(response, previous)
    if processor:
        findings += check_hooks(response, processor)
    return sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
