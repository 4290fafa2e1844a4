"""Routes each message, and each item of a batch, to the method that a partner writes for it."""

# ruff: noqa: B027 — hooks are empty, not abstract: an integration overrides what it supports
from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from msgspec.structs import replace

from firehose import commerce, events, notifications
from firehose.audiences import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    AudienceSubscriptionRequest,
    AudienceSubscriptionResponse,
)
from firehose.batch import EventProcessingRequest, EventProcessingResponse
from firehose.dsr import DsrProcessingRequest, DsrProcessingResponse
from firehose.event import BatchItem, new_id
from firehose.message import Request, Response
from firehose.registration import ModuleRegistrationRequest, ModuleRegistrationResponse

P = TypeVar("P")
Item = TypeVar("Item", bound=BatchItem)
Asked = TypeVar("Asked", bound=Request)
Answer = TypeVar("Answer", bound=Response)

_HOOKS_BEGIN = "process_"
_IS_ASYNC = 0x80  # inspect.CO_COROUTINE; importing inspect would cost more than this package

ITEM_HOOKS: dict[type[BatchItem], str] = {}
"""The method for each class of event and notification."""

MESSAGE_HOOKS: dict[type[Request], tuple[str, type[Response]]] = {}
"""The method for each class of request, and what it must return."""


def _item_hook(
    item: type[Item],
) -> Callable[[Callable[[P, Item], None]], Callable[[P, Item], None]]:
    def register(method: Callable[[P, Item], None]) -> Callable[[P, Item], None]:
        ITEM_HOOKS[item] = method.__name__
        return method

    return register


def _message_hook(
    request: type[Asked], response: type[Answer]
) -> Callable[[Callable[[P, Asked], Answer]], Callable[[P, Asked], Answer]]:
    def register(method: Callable[[P, Asked], Answer]) -> Callable[[P, Asked], Answer]:
        MESSAGE_HOOKS[request] = (method.__name__, response)
        return method

    return register


class MessageProcessor(ABC):
    """What an integration does with messages. Derive from it and override what you support.

    One object serves all messages, perhaps in several threads: keep no state of a message in it.
    An exception leaves `process` as it is; nothing is undone, and a retry repeats the whole batch,
    so remember the ids of events where repeats matter.

    A class with a public method `process_…` that is no hook raises `TypeError` when it is made: a
    misspelt hook would acknowledge messages and lose them.
    """

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        hooks = (*ITEM_HOOKS.values(), *(hook for hook, _ in MESSAGE_HOOKS.values()))
        for name in {name for base in cls.__mro__ for name in vars(base)}.difference(hooks):
            if name.startswith(_HOOKS_BEGIN):
                raise TypeError(f"{cls.__name__}.{name} is no hook{_nearest(name, hooks)}")
        for hook in hooks:
            code = getattr(cls.__dict__.get(hook), "__code__", None)
            if code and code.co_flags & _IS_ASYNC:
                raise TypeError(f"{cls.__name__}.{hook} is async; hooks are called, not awaited")

    def process(self, request: Request) -> Response:
        """Answer a request through the hook of its class, under the request's id.

        Not to be overridden. A check whether the endpoint is alive is answered like any message,
        but the membership hook is not called for one.
        """
        hook = MESSAGE_HOOKS.get(type(request))
        if hook is None:
            raise TypeError(f"process expects a request, got {_name(request)}")
        method, expected = hook
        if isinstance(request, AudienceMembershipChangeRequest) and request.user_profiles is None:
            return AudienceMembershipChangeResponse(id=request.id or new_id())
        response = getattr(self, method)(request)
        if type(response) is not expected:
            raise TypeError(
                f"{type(self).__name__}.{method} must return {expected.__name__}, "
                f"got {_name(response)}"
            )
        return _in_reply_to(request, response)

    @_message_hook(ModuleRegistrationRequest, ModuleRegistrationResponse)
    @abstractmethod
    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        """Say what the integration is and wants. The one hook every integration writes."""

    @_message_hook(EventProcessingRequest, EventProcessingResponse)
    def process_event_processing_request(
        self, request: EventProcessingRequest
    ) -> EventProcessingResponse:
        """Take a batch: first its notifications, then its events, each in the order sent.

        Override it to prepare something for the whole batch, and call `super()`. Sort the events
        if their order matters.
        """
        for item in (*request.system_notifications, *request.events):
            item.belongs_to(request)
            getattr(self, ITEM_HOOKS[type(item)])(item)
        return EventProcessingResponse(id=request.id or new_id())

    @_message_hook(AudienceSubscriptionRequest, AudienceSubscriptionResponse)
    def process_audience_subscription_request(
        self, request: AudienceSubscriptionRequest
    ) -> AudienceSubscriptionResponse:
        """Connect, change or remove an audience; the answer can carry settings to keep."""
        return AudienceSubscriptionResponse(id=request.id or new_id())

    @_message_hook(AudienceMembershipChangeRequest, AudienceMembershipChangeResponse)
    def process_audience_membership_change_request(
        self, request: AudienceMembershipChangeRequest
    ) -> AudienceMembershipChangeResponse:
        """Take users who entered or left audiences. `user_profiles` is never None here."""
        return AudienceMembershipChangeResponse(id=request.id or new_id())

    @_message_hook(DsrProcessingRequest, DsrProcessingResponse)
    def process_dsr_processing_request(
        self, request: DsrProcessingRequest
    ) -> DsrProcessingResponse:
        """Take a data subject request."""
        return DsrProcessingResponse(id=request.id or new_id())

    @_item_hook(events.SessionStartEvent)
    def process_session_start_event(self, event: events.SessionStartEvent) -> None:
        """Take the start of a user session."""

    @_item_hook(events.SessionEndEvent)
    def process_session_end_event(self, event: events.SessionEndEvent) -> None:
        """Take the end of a user session."""

    @_item_hook(events.CustomEvent)
    def process_custom_event(self, event: events.CustomEvent) -> None:
        """Take an event that the customer defined."""

    @_item_hook(events.ScreenViewEvent)
    def process_screen_view_event(self, event: events.ScreenViewEvent) -> None:
        """Take the view of a screen or page."""

    @_item_hook(events.ErrorEvent)
    def process_error_event(self, event: events.ErrorEvent) -> None:
        """Take an error."""

    @_item_hook(events.PrivacySettingChangeEvent)
    def process_privacy_setting_change_event(self, event: events.PrivacySettingChangeEvent) -> None:
        """Take an opt-in or opt-out."""

    @_item_hook(events.UserAttributeChangeEvent)
    def process_user_attribute_change_event(self, event: events.UserAttributeChangeEvent) -> None:
        """Take changed attributes of the user."""

    @_item_hook(events.UserIdentityChangeEvent)
    def process_user_identity_change_event(self, event: events.UserIdentityChangeEvent) -> None:
        """Take changed identities of the user."""

    @_item_hook(events.PushSubscriptionEvent)
    def process_push_subscription_event(self, event: events.PushSubscriptionEvent) -> None:
        """Take a push token that came or went."""

    @_item_hook(events.ApplicationStateTransitionEvent)
    def process_application_state_transition_event(
        self, event: events.ApplicationStateTransitionEvent
    ) -> None:
        """Take a change of the app's state."""

    @_item_hook(events.PushMessageReceiptEvent)
    def process_push_message_receipt_event(self, event: events.PushMessageReceiptEvent) -> None:
        """Take the receipt of a push message."""

    @_item_hook(events.PushMessageOpenEvent)
    def process_push_message_open_event(self, event: events.PushMessageOpenEvent) -> None:
        """Take the opening of a push message."""

    @_item_hook(commerce.ProductActionEvent)
    def process_product_action_event(self, event: commerce.ProductActionEvent) -> None:
        """Take an action on products."""

    @_item_hook(commerce.PromotionActionEvent)
    def process_promotion_action_event(self, event: commerce.PromotionActionEvent) -> None:
        """Take the view or click of a promotion."""

    @_item_hook(commerce.ImpressionEvent)
    def process_impression_event(self, event: commerce.ImpressionEvent) -> None:
        """Take products that were shown."""

    @_item_hook(events.AttributionEvent)
    def process_attribution_event(self, event: events.AttributionEvent) -> None:
        """Take an attributed install or engagement."""

    @_item_hook(events.UnknownEvent)
    def process_unknown_event(self, event: events.UnknownEvent) -> None:
        """Take an event of a kind newer than this package."""

    @_item_hook(notifications.GDPRConsentStateNotification)
    def process_gdpr_consent_state_notification(
        self, notification: notifications.GDPRConsentStateNotification
    ) -> None:
        """Take a change of consent under GDPR."""

    @_item_hook(notifications.CCPAConsentStateNotification)
    def process_ccpa_consent_state_notification(
        self, notification: notifications.CCPAConsentStateNotification
    ) -> None:
        """Take a change of consent under CCPA."""

    @_item_hook(notifications.UnknownNotification)
    def process_unknown_notification(self, notification: notifications.UnknownNotification) -> None:
        """Take a notification newer than this package."""


def _in_reply_to(request: Request, response: Response) -> Response:
    if response.id == request.id or not request.id:
        return response
    # A hook may return the same object every time, so the id goes onto a copy.
    answer = replace(response, id=request.id)
    answer.unknown_fields.update(response.unknown_fields)
    return answer


def _nearest(name: str, hooks: Sequence[str]) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only where a start fails

    near = get_close_matches(name, hooks, cutoff=0.0)[0]
    return f", so it would never be called; the nearest is {near}. A method of your own: _{name}"


def _name(value: Any) -> str:
    """Tell what something is, by its wire type if it is a message; never its content."""
    return value.type if isinstance(value, Response) else type(value).__name__
