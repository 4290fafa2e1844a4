"""What each kind of change to a registration does: breaks something, is seen, or neither.

mParticle documents one of them, that a partner identity may not be renamed; all others follow from
what a field means. `more` is said of what is new, larger or switched on, `less` of the opposite.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from firehose.registration_checks.finding import DOCS, INFERENCE, Rule

P2 = Rule("P2", "error", DOCS)
C1 = Rule("C1", "error", INFERENCE)
"""Breaking: what works for customers or for the integration today stops working."""
C2 = Rule("C2", "warning", INFERENCE)
"""Visible: customers see it, or other data is sent."""
C3 = Rule("C3", "info", INFERENCE)
"""Harmless."""

Outcome: TypeAlias = tuple[Rule, str]


class Effect(msgspec.Struct, frozen=True):
    """What a change of one field does, by its direction."""

    more: Outcome
    less: Outcome
    other: Outcome


def _breaks(why: str) -> Outcome:
    return C1, why


def _shows(why: str) -> Outcome:
    return C2, why


def _always(outcome: Outcome) -> Effect:
    return Effect(outcome, outcome, outcome)


def _either(more: Outcome, less: Outcome) -> Effect:
    return Effect(more, less, less)


HARMLESS: Outcome = (C3, "nothing that works or is seen changes")
NEW_REQUIRED = _breaks("customers who are connected have not entered it")
NEW_VISIBLE = _shows("customers see one more field")
SETTINGS_MOVED = _shows("customers see the fields in another order")

_MORE_SENT = _shows("mParticle sends more than before")
_NOT_SENT = _breaks("mParticle no longer sends it")
_SEEN = _always(_shows("customers see it"))
_BLOCK = _either(_shows("customers can connect it"), _breaks("customers' connections end"))
_SENT = _either(_MORE_SENT, _NOT_SENT)
_LOGIN = _always(_breaks("customers have to log in anew"))
_RANGE = _either(HARMLESS, _breaks("what customers have entered may be out of range"))

UNKNOWN = _always(_shows("nobody knows what this field does"))
EFFECTS: dict[str, Effect] = {
    "sdk_version": _always(HARMLESS),
    "firehose_version": _always(HARMLESS),
    "version": _always(HARMLESS),
    "name": _SEEN,
    "description": _SEEN,
    "event_processing_registration": _BLOCK,
    "audience_processing_registration": _BLOCK,
    "dsr_processing_registration": _BLOCK,
    "allow": _SENT,
    "identities": _SENT,
    "identities.encoding": _always(_breaks("the same people come under other values")),
    "identities.required": _either(
        _breaks("people without it are no longer sent"), _shows("people without it are sent, too")
    ),
    "partner_identities": _either(_MORE_SENT, (P2, "it may not be renamed or removed")),
    "words": _SENT,
    "max_data_age_hours": _either(_MORE_SENT, _breaks("older events are no longer sent")),
    "push_messaging_provider_id": _either(
        _MORE_SENT, _breaks("receipts of pushes are recognised by it")
    ),
    "domain": _either(HARMLESS, _breaks("answers to data subject requests are matched with it")),
    "bulk_configuration": _always(HARMLESS),
    "authentication": _LOGIN,
    "authentication.default_expires_in": _always(HARMLESS),
    "scopes": _either(_breaks("the tokens of connected customers lack it"), HARMLESS),
    "settings": _either(HARMLESS, _breaks("customers' values are stored under its id")),
    "settings.type": _always(_breaks("what customers have entered may not fit")),
    "settings.visible": _SEEN,
    "settings.required": _either(
        _breaks("customers who are connected may have left it out"), _shows("customers may omit it")
    ),
    "settings.confidential": _either(
        _shows("what customers enter is masked"),
        _breaks("what customers entered as a secret shows"),
    ),
    "settings.default_value": Effect(
        _shows("customers who left it out get it"),
        _breaks("customers who left it out get none"),
        _shows("customers who left it out may get the new one"),
    ),
    "settings.checked": _SEEN,
    "settings.min_value": _RANGE,
    "settings.max_value": _RANGE,
}
"""By kind of field: the name, after that of its list or object where the name alone says little."""
