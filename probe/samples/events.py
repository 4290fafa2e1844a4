"""Made-up events of every kind, in the session that they happened in."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from firehose import (
    ApplicationState,
    ApplicationStateTransitionEvent,
    AttributionEvent,
    CustomEvent,
    CustomType,
    ErrorEvent,
    Event,
    EventType,
    Location,
    PrivacySetting,
    PrivacySettingChangeEvent,
    PushMessageOpenEvent,
    PushMessageReceiptEvent,
    PushSubscriptionAction,
    PushSubscriptionEvent,
    ScreenViewEvent,
    SessionEndEvent,
    SessionStartEvent,
    UserAttributeChangeEvent,
    UserIdentityChangeEvent,
    UserIdentityType,
)
from probe.samples import commerce
from probe.samples.chance import Chance
from probe.samples.people import CITIES, PLANS, Person

_LESSONS = ("Greetings", "Numbers", "At the station", "Food", "The weather")


def session(
    kinds: Sequence[EventType], person: Person, chance: Chance, *, end_ms: int
) -> list[Event]:
    """Make up events of these kinds, one after another up to a moment, in one session.

    A session's start comes first and its end last, wherever they stand in `kinds`.
    """
    ordered = sorted(kinds, key=_place)
    number = chance.signed_64_bit()
    moment_ms = end_ms - 5_000 * len(kinds)
    events = []
    for kind in ordered:
        moment_ms += chance.randint(1, 5_000)
        events.append(event(kind, person, chance, moment_ms=moment_ms, session_id=number))
    return events


def event(
    kind: EventType, person: Person, chance: Chance, *, moment_ms: int, session_id: int
) -> Event:
    """Make up one event of a kind."""
    made = MAKERS[kind](chance, person)
    made.id = chance.guid()
    made.timestamp_ms = moment_ms
    made.source_id = chance.guid()
    made.session_id = session_id
    if chance.happens(0.3):
        latitude, longitude = CITIES[person.city]
        made.location = Location(latitude=latitude, longitude=longitude, accuracy=65.0)
    return made


def _place(kind: EventType) -> int:
    return {EventType.SESSION_START: -1, EventType.SESSION_END: 1}.get(kind, 0)


def _session_end(chance: Chance, _person: Person) -> Event:
    return SessionEndEvent(session_length_ms=chance.randint(1_000, 1_800_000))


def _custom_event(chance: Chance, person: Person) -> Event:
    return CustomEvent(
        name="Lesson finished",
        custom_event_type=chance.choice(list(CustomType)),
        attributes={
            "lesson": chance.choice(_LESSONS),
            "score": str(chance.randint(0, 100)),
            "plan": person.plan,
        },
        custom_flags={"Acme.flag": "1"},
    )


def _screen_view(chance: Chance, _person: Person) -> Event:
    return ScreenViewEvent(
        screen_name=chance.choice(_LESSONS),
        attributes={"from": "home", "scrolled_percent": str(chance.randint(0, 100))},
    )


def _error(chance: Chance, _person: Person) -> Event:
    return ErrorEvent(
        message="IndexError: list index out of range",
        is_crash=chance.happens(0.3),
        stack_trace="at com.example.lessons.Player.next(Player.kt:42)",
        breadcrumbs=["opened the app", "opened a lesson"],
        attributes={"lesson": chance.choice(_LESSONS)},
    )


def _privacy_setting_change(chance: Chance, _person: Person) -> Event:
    return PrivacySettingChangeEvent(
        setting=PrivacySetting.APP_DATA_COLLECTION, is_enabled=chance.happens(0.5)
    )


def _user_attribute_change(chance: Chance, person: Person) -> Event:
    return UserAttributeChangeEvent(
        added={"plan": chance.choice(PLANS), "languages": chance.some(("de", "en", "nl"), most=3)},
        removed={"plan": person.plan},
    )


def _user_identity_change(chance: Chance, person: Person) -> Event:
    return UserIdentityChangeEvent(
        added=[person.identity(UserIdentityType.EMAIL, chance)],
        removed=[person.identity(chance.choice(list(UserIdentityType)), chance)],
    )


def _push_subscription(chance: Chance, _person: Person) -> Event:
    action = chance.choice(list(PushSubscriptionAction))
    return PushSubscriptionEvent(action=action, token=f"{chance.getrandbits(256):064x}")


def _application_state_transition(chance: Chance, _person: Person) -> Event:
    return ApplicationStateTransitionEvent(
        application_state=chance.choice(list(ApplicationState)),
        launch_referral="https://www.example.com/lesson/7",
        launch_parameters="source=example",
    )


def _push_message_receipt(chance: Chance, _person: Person) -> Event:
    return PushMessageReceiptEvent(payload=_push_payload(chance))


def _push_message_open(chance: Chance, _person: Person) -> Event:
    return PushMessageOpenEvent(payload=_push_payload(chance))


def _push_payload(chance: Chance) -> str:
    """Make up a payload in Apple's shape, as the text that mParticle sends."""
    alert = {"title": "Time for a lesson", "body": chance.choice(_LESSONS)}
    return json.dumps({"aps": {"alert": alert}, "acme": {"campaign": chance.randrange(1_000)}})


def _attribution(chance: Chance, _person: Person) -> Event:
    return AttributionEvent(
        name="install",
        partner_name="Example Attribution",
        publisher_name="Example Network",
        campaign_name=f"spring-{chance.randrange(10)}",
        attributes={"creative": f"video-{chance.randrange(10)}"},
    )


MAKERS: dict[EventType, Callable[[Chance, Person], Event]] = {
    EventType.SESSION_START: lambda _chance, _person: SessionStartEvent(),
    EventType.SESSION_END: _session_end,
    EventType.CUSTOM_EVENT: _custom_event,
    EventType.SCREEN_VIEW: _screen_view,
    EventType.ERROR: _error,
    EventType.PRIVACY_SETTING_CHANGE: _privacy_setting_change,
    EventType.USER_ATTRIBUTE_CHANGE: _user_attribute_change,
    EventType.USER_IDENTITY_CHANGE: _user_identity_change,
    EventType.PUSH_SUBSCRIPTION: _push_subscription,
    EventType.APPLICATION_STATE_TRANSITION: _application_state_transition,
    EventType.PUSH_MESSAGE_RECEIPT: _push_message_receipt,
    EventType.PRODUCT_ACTION: commerce.product_action,
    EventType.PROMOTION_ACTION: commerce.promotion_action,
    EventType.IMPRESSION: commerce.impression,
    EventType.ATTRIBUTION: _attribution,
    EventType.PUSH_MESSAGE_OPEN: _push_message_open,
}
"""What makes each kind; a new kind of the protocol has to be added here."""
