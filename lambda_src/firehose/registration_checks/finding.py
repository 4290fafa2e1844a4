"""What a check reports, and the rules it reports by."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Severity: TypeAlias = Literal["error", "warning", "info"]


class Finding(msgspec.Struct, frozen=True):
    """One departure from a rule.

    An error breaks a documented rule, a warning a recommendation; an info is our inference.
    """

    id: str
    """The rule, for example `M3`."""
    severity: Severity
    path: str
    """Where, for example `$.permissions.partner_identities[1].type`."""
    text: str
    """What is wrong and what to do."""
    source: str
    """Who says so: mParticle's SDK, its documentation, or nobody (an inference)."""


class Rule(msgspec.Struct, frozen=True):
    """One rule of mParticle's; called, it makes a finding."""

    id: str
    severity: Severity
    source: str

    def __call__(self, path: str, text: str, *, severity: Severity | None = None) -> Finding:
        """Report a departure, with the rule's severity unless the evidence is weaker."""
        return Finding(self.id, severity or self.severity, path, text, self.source)


DOCS = "mParticle docs: Firehose Java SDK"
SDK = "Firehose Java SDK 3.2.0"
INFERENCE = "inference; no source says it"
