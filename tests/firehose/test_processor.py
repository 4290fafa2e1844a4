"""Routing: each message and item reaches its hook, in order, and the answer carries the id."""

from __future__ import annotations

import json
from typing import Any

import pytest

from firehose import (
    AudienceMembershipChangeRequest,
    AudienceMembershipChangeResponse,
    AudienceSubscriptionRequest,
    AudienceSubscriptionResponse,
    CustomEvent,
    DsrProcessingRequest,
    DsrProcessingResponse,
    EventProcessingRequest,
    EventProcessingResponse,
    MessageProcessor,
    ModuleRegistrationRequest,
    ModuleRegistrationResponse,
    Request,
    Secret,
    decode,
    encode,
)
from firehose.processor import ITEM_HOOKS, MESSAGE_HOOKS
from tests.firehose.conftest import MESSAGE_ID, Registered


class Recorder(MessageProcessor):
    """Remembers which hook got what."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, Any]] = []

    def process_registration_request(
        self, request: ModuleRegistrationRequest
    ) -> ModuleRegistrationResponse:
        self.calls.append(("process_registration_request", request))
        return ModuleRegistrationResponse(name="Acme", version="1")

    def __getattribute__(self, name: str) -> Any:
        if name in ITEM_HOOKS.values():
            return lambda item: self.calls.append((name, item))
        return super().__getattribute__(name)


def read(**fields: Any) -> Request:
    message = decode({"id": MESSAGE_ID} | fields)
    assert isinstance(message, Request)
    return message


def test_there_are_5_message_hooks_and_18_item_hooks_and_two_for_the_unknown() -> None:
    assert len(MESSAGE_HOOKS) == 5
    assert len(ITEM_HOOKS) == 20
    assert len(set(ITEM_HOOKS.values())) == 20


@pytest.mark.parametrize("item", ITEM_HOOKS, ids=lambda item: item.__name__)
def test_each_kind_of_item_reaches_exactly_its_hook(item: type[Any]) -> None:
    place = "system_notifications" if item.__name__.endswith("Notification") else "events"
    sent = {"type": item.__struct_config__.tag or "novelty"}
    recorder = Recorder()
    recorder.process(read(type="event_processing_request", **{place: [sent]}))
    [(hook, received)] = recorder.calls
    assert hook == ITEM_HOOKS[item]
    assert type(received) is item


def test_hooks_are_named_after_their_class() -> None:
    for item, hook in ITEM_HOOKS.items():
        expected = item.__name__.replace("GDPR", "Gdpr").replace("CCPA", "Ccpa")
        words = "".join(f"_{c.lower()}" if c.isupper() else c for c in expected)
        assert hook in {f"process{words}", f"process{words}_event"}


def test_notifications_come_before_events_each_in_the_order_sent() -> None:
    recorder = Recorder()
    request = read(
        type="event_processing_request",
        events=[{"type": "custom_event", "name": "1"}, {"type": "custom_event", "name": "2"}],
        system_notifications=[{"type": "gdpr_consent_state"}],
    )
    recorder.process(request)
    assert [hook for hook, _ in recorder.calls] == [
        "process_gdpr_consent_state_notification", "process_custom_event", "process_custom_event",
    ]  # fmt: skip
    assert [item.name for _, item in recorder.calls[1:]] == ["1", "2"]
    assert all(item.request is request for _, item in recorder.calls)


def test_an_item_added_later_belongs_to_the_batch_when_its_hook_runs() -> None:
    request = EventProcessingRequest()
    request.events.append(CustomEvent(name="late"))
    recorder = Recorder()
    recorder.process(request)
    assert recorder.calls[0][1].request is request


@pytest.mark.parametrize("request_class", MESSAGE_HOOKS, ids=lambda kind: kind.__name__)
def test_the_answer_is_of_the_pair_and_has_the_id_of_the_request(
    request_class: type[Request],
) -> None:
    response = Recorder().process(read(type=request_class.__struct_config__.tag))
    assert type(response) is MESSAGE_HOOKS[request_class][1]
    assert response.id == MESSAGE_ID
    assert json.loads(encode(response))["type"] == response.type


def test_a_request_without_id_is_answered_under_a_fresh_one() -> None:
    response = Recorder().process(read(type="event_processing_request", id=None))
    assert len(response.id) == 36


def test_the_first_exception_ends_the_batch() -> None:
    seen = []

    class Failing(Registered):
        def process_custom_event(self, event: CustomEvent) -> None:
            seen.append(event.name)
            if event.name == "2":
                raise OSError("down")

    events = [{"type": "custom_event", "name": name} for name in "123"]
    with pytest.raises(OSError, match="down"):
        Failing().process(read(type="event_processing_request", events=events))
    assert seen == ["1", "2"]


def test_an_idle_membership_request_is_answered_without_the_hook() -> None:
    class Busy(Registered):
        def process_audience_membership_change_request(
            self, request: AudienceMembershipChangeRequest
        ) -> AudienceMembershipChangeResponse:
            assert request.user_profiles is not None
            return AudienceMembershipChangeResponse(suspend_subscription=True)

    idle = read(type="audience_membership_change_request")
    data = read(type="audience_membership_change_request", user_profiles=[])
    answers = [Busy().process(request) for request in (idle, data)]
    assert [getattr(answer, "suspend_subscription", None) for answer in answers] == [False, True]


def test_an_idle_event_request_gets_an_event_response() -> None:
    response = Recorder().process(read(type="event_processing_request", events=[]))
    assert isinstance(response, EventProcessingResponse)


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (EventProcessingResponse(), "event_processing_response"),
        (DsrProcessingResponse(), "dsr_processing_response"),
    ],
)
def test_a_response_is_refused_by_its_type(response: Any, kind: str) -> None:
    with pytest.raises(TypeError, match=f"expects a request, got {kind}"):
        Recorder().process(response)


@pytest.mark.parametrize("wrong", [None, EventProcessingResponse(), "ok"])
def test_a_hook_that_returns_something_else_is_told_so(wrong: Any) -> None:
    class Wrong(Registered):
        def process_dsr_processing_request(self, _request: DsrProcessingRequest) -> Any:
            return wrong

    with pytest.raises(
        TypeError, match="process_dsr_processing_request must return DsrProcessingResponse, got"
    ):
        Wrong().process(read(type="dsr_processing_request"))


def test_a_shared_answer_is_copied_not_changed() -> None:
    shared = AudienceSubscriptionResponse(audience_subscription_settings={"listId": Secret("1")})
    shared.unknown_fields["extra"] = 1
    own_id = shared.id

    class Constant(Registered):
        def process_audience_subscription_request(
            self, _request: AudienceSubscriptionRequest
        ) -> AudienceSubscriptionResponse:
            return shared

    answer = Constant().process(read(type="audience_subscription_request"))
    assert (answer.id, shared.id) == (MESSAGE_ID, own_id)
    assert answer.unknown_fields == {"extra": 1}


def test_an_async_hook_is_refused_when_its_class_is_made() -> None:
    async def process_custom_event(self: Any, event: CustomEvent) -> None: ...

    with pytest.raises(TypeError, match=r"^Eager\.process_custom_event is async"):
        type("Eager", (Registered,), {"process_custom_event": process_custom_event})


def test_a_processor_without_a_registration_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="process_registration_request"):
        MessageProcessor()  # type: ignore[abstract]  # that is the point


def test_every_own_request_is_answered(own_message: bytes) -> None:
    message = decode(own_message)
    if isinstance(message, Request):
        assert Recorder().process(message).id == message.id


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("process_audience_membership_request", "process_audience_membership_change_request"),
        ("process_events", "process_error_event"),
        ("process_costum_event", "process_custom_event"),
    ],
)
def test_method_that_looks_like_a_hook_and_is_none_is_refused_with_the_nearest(
    name: str, nearest: str
) -> None:
    with pytest.raises(TypeError, match=rf"^Typo\.{name} is no hook.*nearest is {nearest}\."):
        type("Typo", (Recorder,), {name: print})


def test_misspelt_hook_of_a_mixin_is_refused_too() -> None:
    class Mixin:
        def process_dsr_request(self, request: Any) -> None: ...

    with pytest.raises(TypeError, match=r"Mixed\.process_dsr_request is no hook"):
        type("Mixed", (Mixin, Recorder), {})


def test_own_methods_have_any_other_name() -> None:
    methods = {"_process_batch": print, "processed": 1, "send": print}

    assert issubclass(type("Own", (Recorder,), methods), MessageProcessor)
