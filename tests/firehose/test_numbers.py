"""Whole numbers and amounts: exact, bounded, and read alike from bytes and from a parsed dict."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from firehose import (
    EventProcessingRequest,
    InvalidMessage,
    ProductActionEvent,
    decode,
    encode,
)
from tests.firehose.conftest import MESSAGE_ID, Read


def test_unknown_numbers_keep_their_digits_when_read_from_bytes() -> None:
    raw = b'{"type":"dsr_processing_response","amount":1.10,"id":"","timestamp_ms":0}'
    message = decode(raw)
    assert message.unknown_fields == {"amount": Decimal("1.10")}
    assert b'"amount":1.10' in encode(message)


def test_64_bit_and_longer_integers_are_exact() -> None:
    request = decode(
        b'{"type":"event_processing_request","mpid":-9223372036854775808,"account":'
        b'{"account_id":123456789012345678901234567890},"events":'
        b'[{"type":"session_start","session_id":9223372036854775807}]}'
    )
    assert isinstance(request, EventProcessingRequest)
    assert request.mpid == "-9223372036854775808"
    assert request.account
    assert request.account.account_id == 123456789012345678901234567890
    assert request.events[0].session_id == 9223372036854775807


def test_amounts_from_a_parsed_dict_have_the_digits_that_were_sent(event_request: Read) -> None:
    event = event_request(events=[{"type": "product_action", "total_amount": 0.1}]).events[0]
    assert isinstance(event, ProductActionEvent)
    assert event.total_amount == Decimal("0.1")


def _with_amount(amount: str) -> str:
    return (
        '{"type":"event_processing_request","events":'
        f'[{{"type":"product_action","total_amount":{amount}}}]}}'
    )


@pytest.mark.parametrize(
    ("amount", "number"),
    [("0.10", "0.10"), ('" 7 "', "7"), ('"-.5e3"', "-5E+2"), ("1e308", "1E+308"), ("3", "3")],
)
def test_an_amount_is_an_exact_number_or_its_text(amount: str, number: str) -> None:
    raw = _with_amount(amount)
    for sent in (raw, raw.replace("events", 'new_field":1,"events')):
        request = decode(sent)
        assert isinstance(request, EventProcessingRequest)
        (event,) = request.events
        assert isinstance(event, ProductActionEvent)
        assert str(event.total_amount) == number
        assert json.loads(encode(request))["events"][0]["total_amount"] == float(number)


@pytest.mark.parametrize(
    "amount",
    [
        '"NaN"', '"-Infinity"', '"sNaN"', '"nan12"', "1E+999999999", "1e-999999999", '"1e309"',
        '"1_000"', '"٣"', '"1,5"', '"0x1"', '"+"', "true", "[]", f'"{"1" * 1_001}"', "9" * 310,
    ],
)  # fmt: skip
def test_an_amount_that_is_no_number_of_its_size_is_refused(amount: str) -> None:
    raw = _with_amount(amount)
    for sent in (raw, raw.replace("events", 'new_field":1,"events')):
        with pytest.raises(InvalidMessage) as refusal:
            decode(sent)
        assert refusal.value.path == "$.events[0].total_amount"


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -float("inf"), Decimal("sNaN")])
def test_a_parsed_amount_that_is_not_finite_is_refused(amount: float, event_request: Read) -> None:
    with pytest.raises(InvalidMessage, match=r"total_amount: expected a number"):
        event_request(events=[{"type": "product_action", "total_amount": amount}])


@pytest.mark.parametrize("number", ["1e30", "1e3999", "1" * 31, "-" + "9" * 300, '"1_000"',
    f'"{"1" * 31}"', '"1e3"', "-1E+999999999", '"+"'])  # fmt: skip
@pytest.mark.parametrize("field", ["account_id", "session_id"])
def test_a_whole_number_of_more_than_30_digits_is_refused(field: str, number: str) -> None:
    raw = {
        "account_id": f'"account":{{"account_id":{number}}}',
        "session_id": f'"events":[{{"type":"session_end","session_id":{number}}}]',
    }[field]
    for strict in (False, True):
        with pytest.raises(InvalidMessage, match=rf"{field}: expected a whole number"):
            decode(f'{{"type":"event_processing_request","id":"{MESSAGE_ID}","firehose_version":"3",'
                f'"timestamp_ms":1,{raw}}}', strict=strict)  # fmt: skip


_EVENT = f'"id":"{MESSAGE_ID}","timestamp_ms":1'


@pytest.mark.parametrize("number", ["1E+400", "-1E+400", "1e308", "1" * 31, '"1_000"',
    '" "', '"1E+400"', "1.5", "true", '"NaN"'])  # fmt: skip
@pytest.mark.parametrize(
    "field",
    [
        '"timestamp_ms":{}', '"account":{{"account_id":{}}}',
        f'"events":[{{{{"type":"product_action",{_EVENT},"total_amount":{{}}}}}}]',
        f'"events":[{{{{"type":"session_end",{_EVENT},"session_length_ms":{{}}}}}}]',
        f'"events":[{{{{"type":"custom_event",{_EVENT},"location":{{{{"latitude":{{}}}}}}}}}}]',
    ],
)  # fmt: skip
def test_bytes_and_the_parsed_dict_are_decided_alike(field: str, number: str) -> None:
    raw = f'{{"type":"event_processing_request",{_EVENT},{field.format(number)}}}'
    assert _decided(raw.encode()) == _decided(json.loads(raw))


def _decided(data: bytes | dict[str, Any]) -> object:
    try:
        return encode(decode(data))
    except InvalidMessage as refusal:
        return refusal.path
