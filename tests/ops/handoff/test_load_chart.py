"""Where the chart of a load puts its dots, labels and mParticle's limit."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ops.handoff.load_chart import Chart, chart
from pages.axes import BOX
from tests.ops.handoff.handed_over import load

CALLS = st.lists(
    st.tuples(
        st.floats(0, 3_600),
        st.floats(0, 120_000),
        st.sampled_from(["answered", "throttled", "failed"]),
        st.booleans(),
    ).map(list),
    max_size=50,
)


def drawn(calls: list[Any], *, limit_ms: int = 200) -> Chart:
    measured = load("lambda", limit_ms, calls=calls)
    measured["summary"]["calls"] = len(calls) + 7
    return chart(measured)


def dots(path: str) -> list[tuple[int, int]]:
    return [(int(x), int(y)) for x, y in re.findall(r"M(-?\d+) (-?\d+)h0", path)]


@given(CALLS)
def test_every_call_is_one_dot_inside_the_box(calls: list[Any]) -> None:
    places = [place for path in drawn(calls).dots.values() for place in dots(path)]

    assert len(places) == len(calls)
    assert drawn(calls).left_out == 7
    assert all(0 <= x <= BOX and 0 <= y <= BOX for x, y in places)


@given(CALLS)
def test_labels_are_round_few_and_inside(calls: list[Any]) -> None:
    found = drawn(calls)

    for ticks in (found.times, found.seconds):
        assert 2 <= len(ticks) <= 6
        assert all(0 <= tick.at <= 100 for tick in ticks)
        assert all(len(tick.label) <= 8 for tick in ticks)
    assert 0 < found.limit.at < 100


def test_limit_is_where_a_call_that_took_as_long_is() -> None:
    found = drawn([[0, 200.0, "answered", False]], limit_ms=200)

    ((_, y),) = dots(found.dots["answered"])
    assert found.limit.label == "200 ms"
    assert abs(found.limit.at - 100 * y / BOX) < 0.1


def test_calls_are_told_apart_by_how_they_ended() -> None:
    calls = [[0, 9, "answered", False], [1, 9, "answered", True], [2, 9, "throttled", True]]

    assert {kind: len(dots(path)) for kind, path in drawn(calls).dots.items()} == {
        "answered": 1,
        "cold": 1,
        "refused": 1,
    }
