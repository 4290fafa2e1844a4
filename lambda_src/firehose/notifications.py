"""System notifications: changes of consent that arrive beside the events of a batch."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, TypeAlias

from firehose.consent import CCPA_PURPOSE, CCPAConsent, GDPRConsent
from firehose.event import BatchItem
from firehose.model import Otherwise
from firehose.vocabulary import Vocabulary


class SystemNotificationType(Vocabulary):
    """The kinds of notification. Subscribe with `supported_system_notification_types`."""

    GDPR_CONSENT_STATE = "gdpr_consent_state"
    CCPA_CONSENT_STATE = "ccpa_consent_state"


class SystemNotification(BatchItem):
    """Something mParticle reports about the user; has neither id nor time.

    A missing old state means that consent is new, a missing new state that it was withdrawn.
    """


class GDPRConsentStateNotification(
    SystemNotification, tag=SystemNotificationType.GDPR_CONSENT_STATE.value
):
    """Consent under GDPR changed for one purpose."""

    purpose: str | None = None
    old_gdpr_consent_state: GDPRConsent | None = None
    new_gdpr_consent_state: GDPRConsent | None = None


class CCPAConsentStateNotification(
    SystemNotification, tag=SystemNotificationType.CCPA_CONSENT_STATE.value
):
    """Consent under CCPA changed."""

    purpose: str | None = CCPA_PURPOSE
    old_ccpa_consent_state: CCPAConsent | None = None
    new_ccpa_consent_state: CCPAConsent | None = None


class UnknownNotification(SystemNotification, tag=False):
    """A notification newer than this package; its own fields are in `unknown_fields`."""

    type: str = ""


NOTIFICATIONS = (GDPRConsentStateNotification, CCPAConsentStateNotification)

if TYPE_CHECKING:
    AnyNotification: TypeAlias = SystemNotification
else:
    # msgspec reads a closed union; people read the base class.
    AnyNotification = Annotated[reduce(or_, NOTIFICATIONS), Otherwise(UnknownNotification)]
