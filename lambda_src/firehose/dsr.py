"""The data subject request pair (OpenDSR): somebody asked for the erasure of their data."""

from typing import Self

from firehose.account import Account
from firehose.identities import DeviceIdentityType, UserIdentityType
from firehose.instant import Instant
from firehose.message import MessageType, Request, Response
from firehose.model import Model, RawObject
from firehose.secret import Secret
from firehose.vocabulary import Vocabulary


class DsrType(Vocabulary):
    """What is asked. mParticle forwards erasure only."""

    ERASURE = "erasure"


class RegulationType(Vocabulary):
    """The law behind the request."""

    UNKNOWN = "unknown"
    CCPA = "ccpa"
    GDPR = "gdpr"


class OpenDsrEncoding(Vocabulary):
    """How an identity in a data subject request is written."""

    RAW = "raw"


class OpenDsrIdentityType(Vocabulary):
    """OpenDSR's names for identities; see `event_identity_type`."""

    CONTROLLER_CUSTOMER_ID = "controller_customer_id"
    ANDROID_ADVERTISING_ID = "android_advertising_id"
    ANDROID_ID = "android_id"
    EMAIL = "email"
    FIRE_ADVERTISING_ID = "fire_advertising_id"
    IOS_ADVERTISING_ID = "ios_advertising_id"
    IOS_VENDOR_ID = "ios_vendor_id"
    MICROSOFT_ADVERTISING_ID = "microsoft_advertising_id"
    MICROSOFT_PUBLISHER_ID = "microsoft_publisher_id"
    ROKU_PUBLISHER_ID = "roku_publisher_id"
    ROKU_ADVERTISING_ID = "roku_advertising_id"

    @property
    def event_identity_type(self) -> UserIdentityType | DeviceIdentityType | None:
        """What events call this identity; None for a type newer than this package."""
        return _AS_USER_IDENTITY.get(self) or _AS_DEVICE_IDENTITY.get(self)

    @classmethod
    def of_event_identity(cls, identity_type: UserIdentityType | DeviceIdentityType) -> Self | None:
        """Find OpenDSR's name for an identity of events; None if it has none."""
        return next((dsr for dsr in cls if dsr.event_identity_type is identity_type), None)


_AS_USER_IDENTITY = {
    OpenDsrIdentityType.CONTROLLER_CUSTOMER_ID: UserIdentityType.CUSTOMER,
    OpenDsrIdentityType.EMAIL: UserIdentityType.EMAIL,
}
_AS_DEVICE_IDENTITY = {
    OpenDsrIdentityType.ANDROID_ADVERTISING_ID: DeviceIdentityType.GOOGLE_ADVERTISING_ID,
    **{
        dsr: DeviceIdentityType(dsr.value)
        for dsr in OpenDsrIdentityType
        if DeviceIdentityType(dsr.value).is_known
    },
}


class OpenDsrIdentity(Model):
    """One id of the data subject."""

    encoding: OpenDsrEncoding | None = None
    value: Secret | None = None


class DsrProcessingRequest(Request, tag=MessageType.DSR_PROCESSING_REQUEST.value):
    """A data subject asked for something; mParticle waits 7 days by default before it forwards."""

    account: Account | None = None
    """Missing in some messages."""
    subject_request_id: str | None = None
    """mParticle's id of the request."""
    subject_request_type: DsrType | None = None
    submitted_time: Instant | None = None
    """When the data subject asked."""
    subject_identities: dict[OpenDsrIdentityType, OpenDsrIdentity | None] = {}
    """One identity per type."""
    api_version: str | None = None
    """Version of OpenDSR, `3.0`."""
    regulation: RegulationType | None = None
    extensions: RawObject | None = None
    """For example `skip_waiting_period` below `opendsr.mparticle.com`."""


class DsrProcessingResponse(Response, tag=MessageType.DSR_PROCESSING_RESPONSE.value):
    """The request was received; completion is not reported here."""
