"""Few lines about what is good, every line about what is not, and exact counts of both."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from endpoint.log import Outcome, RequestLog
from endpoint.metrics import Metric, Tally
from endpoint.sampling import Sampling
from firehose import RejectedMessage
from tests.endpoint.deliveries import Failing, delivered, record
from tests.endpoint.taker import Taker

GOOD = {"answered", "accepted", "delivered"}
OUTCOMES = {*get_args(get_args(Outcome)[0]), *get_args(Metric)}


def sampled(monkeypatch: pytest.MonkeyPatch, sampling: Sampling) -> None:
    for name, value in sampling.to_environment().items():
        monkeypatch.setenv(name, value)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def write(outcome: Outcome, message_id: str = "m", account_id: int = 1) -> None:
    log = RequestLog()
    log.message_id, log.account_id = message_id, account_id
    log.write(outcome)


@given(
    share=st.floats(0, 1).map(lambda it: round(it, 4)),
    traced=st.lists(st.text("abc-1", min_size=1)).map(tuple),
)
def test_sampling_survives_the_environment(share: float, traced: tuple[str, ...]) -> None:
    sampling = Sampling(share=share, traced=traced)
    found = Sampling.from_environment(sampling.to_environment())

    assert found == (sampling if share < 1 else Sampling())


def test_share_of_the_messages_is_kept_and_always_the_same_ones() -> None:
    sampling = Sampling(share=0.1)
    kept = [number for number in range(10_000) if sampling.keeps(f"id-{number}", 1)]

    assert len(kept) == pytest.approx(1_000, rel=0.1)
    assert kept == [number for number in range(10_000) if sampling.keeps(f"id-{number}", 2)]


def test_nothing_is_kept_of_a_share_of_none_and_all_of_one() -> None:
    assert not any(Sampling(share=0).keeps(f"id-{number}", 1) for number in range(100))
    assert all(Sampling().keeps(f"id-{number}", 1) for number in range(100))
    assert Sampling().keeps(None, None)
    assert not Sampling(share=0).keeps(None, None)


def test_message_without_id_is_kept_of_any_share() -> None:
    assert Sampling(share=1e-9).keeps(None, None)


def test_environment_says_nothing_where_every_line_is_written() -> None:
    assert Sampling().to_environment() == {}
    assert Sampling(share=0.25, traced=("a", "7")).to_environment() == {
        "FIREHOSE_LOG_SAMPLE": "0.25",
        "FIREHOSE_LOG_TRACED": "a,7",
    }


@pytest.mark.parametrize("outcome", sorted(GOOD))
def test_good_answer_outside_the_sample_has_no_line_but_counts(
    outcome: Outcome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sampled(monkeypatch, Sampling(share=0))
    write(outcome)

    found = lines(capsys)
    assert not any("message_id" in line or "outcome" in line for line in found)
    assert [line[outcome] for line in found] == ([] if outcome == "answered" else [1])


@pytest.mark.parametrize(
    "outcome",
    [
        "suspended",
        "refused",
        "failed",
        "late",
        "overflowed",
        "diverted",
        "retried",
        "held",
        "rejected",
        "dead",
    ],
)
def test_what_is_not_good_is_always_written(
    outcome: Outcome, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sampled(monkeypatch, Sampling(share=0))
    write(outcome)

    (line,) = lines(capsys)
    assert (line["outcome"], line["message_id"]) == (outcome, "m")


def test_message_or_customer_is_traced_on_demand(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sampled(monkeypatch, Sampling(share=0, traced=("m-7", "1001")))
    for message_id, account_id in (("m-7", 5), ("m-8", 1001), ("m-9", 5)):
        write("answered", message_id, account_id)

    assert [line["message_id"] for line in lines(capsys)] == ["m-7", "m-8"]


def test_batch_is_counted_exactly_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    unreadable = [record(number, body="{}") for number in (8, 9)]
    delivered(Taker(), *(record(number) for number in range(8)), *unreadable)

    *each, metrics = lines(capsys)
    assert Counter(line["outcome"] for line in each) == {"delivered": 8, "dead": 2}
    assert not any("_aws" in line for line in each)
    assert (metrics["delivered"], metrics["dead"]) == (8, 2)
    (definition,) = metrics["_aws"]["CloudWatchMetrics"]
    assert {it["Name"] for it in definition["Metrics"]} == {"delivered", "dead"}


def test_batch_of_which_every_message_fails_is_written_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sampled(monkeypatch, Sampling(share=0))
    delivered(Failing(RejectedMessage()), *(record(number) for number in range(3)))

    *each, metrics = lines(capsys)
    assert [line["outcome"] for line in each] == ["rejected"] * 3
    assert metrics["rejected"] == 3


def test_what_ends_after_its_batch_counts_in_its_own_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    tally = Tally()
    tally.open()
    RequestLog(tally).write("delivered")
    tally.close()
    RequestLog(tally).write("delivered")

    first, batch, late = lines(capsys)
    assert ("_aws" in first, batch["delivered"], late["delivered"]) == (False, 1, 1)
    assert late["outcome"] == "delivered"
