"""What a user agreed to: consent by regulation and purpose."""

from firehose.model import Integer, Model

CCPA_PURPOSE = "data_sale_opt_out"
"""The only documented purpose under CCPA."""


class Consent(Model):
    """One decision of a user about one purpose."""

    consented: bool = False
    document: str | None = None
    """Version of the document the user saw."""
    timestamp_unixtime_ms: Integer | None = None
    """Milliseconds since the epoch."""
    location: str | None = None
    """Where the user decided."""
    hardware_id: str | None = None


class GDPRConsent(Consent):
    """Consent under GDPR; `consented` true means the user agreed."""


class CCPAConsent(Consent):
    """Consent under CCPA; `consented` true means the user opted out of the sale of data."""


class ConsentState(Model):
    """All consent at the time of the batch, by purpose. Needs `allow_consent_state`."""

    gdpr_consent_state: dict[str, GDPRConsent | None] = {}
    ccpa_consent_state: dict[str, CCPAConsent | None] = {}
    """By purpose; the only documented one is `data_sale_opt_out`."""
