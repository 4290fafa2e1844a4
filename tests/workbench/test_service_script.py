"""`--script`: what a stand-in answers by rules."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from console.exit_codes import CommandError
from local.service_calls import Behaviour, Choice, ReceivedCall
from workbench.service_script import by_script, read_script, second_of_today

NINE, TEN = 9 * 3600, 10 * 3600


def written(folder: Path, text: str) -> Path:
    file = folder / "service.toml"
    file.write_text(text)
    return file


def choice(folder: Path, text: str, *, second: float = 0.0, seed: int = 1) -> Choice:
    rules = read_script(written(folder, text))
    return by_script(rules, now=lambda: second, random=Random(seed))


def call(method: str = "POST", path: str = "/events", body: bytes = b"{}") -> ReceivedCall:
    headers = {"authorization": "Bearer customer-2"}
    return ReceivedCall(method=method, path=path, headers=headers, body=body)


def test_first_rule_that_fits_answers_and_a_call_that_none_fits_is_answered_200(
    tmp_path: Path,
) -> None:
    choose = choice(
        tmp_path,
        """
        [[answer]]
        method = "PUT"
        status = 405
        [[answer]]
        path = "/events*"
        status = 429
        retry_after = 30
        [[answer]]
        path = "/*"
        has = "customer-3"
        resets = true
        """,
    )

    assert choose(call("PUT")) == Behaviour(status=405)
    assert choose(call(path="/events/batch?x=1")) == Behaviour(status=429, retry_after=30)
    assert choose(call(path="/other")) == Behaviour()
    assert choose(call(path="/other", body=b"of customer-3")).resets


@pytest.mark.parametrize("has", ["customer-2", "events", '{"ok"'])
def test_text_is_found_in_headers_path_and_body(tmp_path: Path, has: str) -> None:
    choose = choice(tmp_path, f"[[answer]]\nhas = '{has}'\nstatus = 401")

    assert choose(call(body=b'{"ok": 1}')).status == 401


@pytest.mark.parametrize(
    ("second", "status"),
    [(NINE - 1, 200), (NINE, 503), (TEN - 1, 503), (TEN, 200), (NINE + 86_400, 503)],
)
def test_rule_holds_from_one_time_of_the_day_until_another(
    tmp_path: Path, second: float, status: int
) -> None:
    choose = choice(
        tmp_path, "[[answer]]\nfrom = 09:00:00\nuntil = 10:00:00\nstatus = 503", second=second
    )

    assert choose(call()).status == status


def test_share_of_the_calls_is_that_of_the_seed(tmp_path: Path) -> None:
    text = "[[answer]]\nshare = 0.25\nstatus = 500"
    first, again = (choice(tmp_path, text, seed=7) for _ in range(2))

    statuses = [first(call()).status for _ in range(400)]

    assert 60 < statuses.count(500) < 140
    assert statuses == [again(call()).status for _ in range(400)]


def test_bodies_are_json_text_or_a_file_beside_the_script(tmp_path: Path) -> None:
    (tmp_path / "refused.json").write_text('{"success": false}')
    choose = choice(
        tmp_path,
        """
        [[answer]]
        path = "/a"
        body = { success = false, errors = ["x"] }
        [[answer]]
        path = "/b"
        body = "no"
        [[answer]]
        path = "/c"
        body_file = "refused.json"
        """,
    )

    assert [choose(call(path=path)).body for path in ("/a", "/b", "/c")] == [
        b'{"success": false, "errors": ["x"]}',
        b"no",
        b'{"success": false}',
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("answer = 1", "Expected `array`, got `int` - at `$.answer`"),
        ("[[answer]]\nstatus = 99", ">= 200 - at `$.answer[0].status`"),
        ("[[answer]]\npaht = '/x'", "unknown field `paht`"),
        ("[[answer]]\nbody_file = 'nowhere.json'", "No such file"),
        ("[[answer", "Expected ']]'"),
    ],
)
def test_file_that_is_no_script_is_told_with_the_rule(
    tmp_path: Path, text: str, reason: str
) -> None:
    with pytest.raises(CommandError) as raised:
        read_script(written(tmp_path, text))

    assert reason in str(raised.value)
    assert "Next: write rules" in str(raised.value)


def test_time_of_the_day_is_this_machines() -> None:
    assert 0 <= second_of_today() < 86_400
