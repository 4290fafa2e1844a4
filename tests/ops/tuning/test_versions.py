"""Versions for tuning: whatever happens, nothing of them is left and nobody was led to one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from console.exit_codes import CommandError
from ops.live.functions import versions_of
from ops.tuning.measurement import call_in_turns
from ops.tuning.versions import Tuning
from plan.names import ALIAS
from plan.region_plan import RegionPlan
from tests.aws.function_state import Configuration, FunctionState
from tests.aws.session import FakeSession
from tests.aws.stack_state import FunctionTemplate

NAME = "acme-firehose"
BEFORE = Configuration(
    "code-1",
    environment=(("FIREHOSE_OVERFLOWING", "events"), ("PARTNER_API_URL", "https://api.example")),
)
SIZES = (512, 1024)


@pytest.fixture
def session(plan: RegionPlan) -> FakeSession:
    session = FakeSession(plan.region)
    session.stacks.deploy(plan.stack_name, {NAME: FunctionTemplate(configuration=BEFORE)})
    return session


def state(session: FakeSession) -> FunctionState:
    return session.functions.states[NAME]


def tuning(session: FakeSession, plan: RegionPlan) -> Tuning:
    live = session.live(plan)
    return Tuning(session.as_session(), live.endpoints[0])


def never() -> bool:
    return False


def assert_as_before(session: FakeSession) -> None:
    assert state(session).latest == BEFORE
    assert list(state(session).versions.values()) == [BEFORE]
    alias = state(session).aliases[ALIAS]
    assert (alias.version, alias.weights, alias.revision) == ("1", {}, 1)
    assert "update_alias" not in session.calls


def test_each_size_is_a_version_of_the_same_code_that_no_alias_leads_to(
    session: FakeSession, plan: RegionPlan
) -> None:
    with tuning(session, plan).published(SIZES, {}, is_stopped=never) as versions:
        made = [state(session).versions[it.number] for it in versions]
        assert [(it.memory_mb, it.code) for it in made] == [(512, "code-1"), (1024, "code-1")]
        assert state(session).latest == BEFORE  # already while the versions are called
        assert state(session).aliases[ALIAS].version == "1"

    assert_as_before(session)


def test_version_reports_its_time_has_no_budget_and_calls_the_api_it_is_given(
    session: FakeSession, plan: RegionPlan
) -> None:
    variables = {"PARTNER_API_URL": "https://stand-in.example"}
    with tuning(session, plan).published((512,), variables, is_stopped=never) as (version,):
        made = state(session).versions[version.number]

    assert dict(made.environment) == variables
    assert dict(made.logging)["SystemLogLevel"] == "INFO"


@pytest.mark.parametrize("error", [KeyboardInterrupt, CommandError("x", next_step="y")])
def test_nothing_is_left_when_the_calls_end_with_an_error(
    session: FakeSession, plan: RegionPlan, error: Any
) -> None:
    tuned = tuning(session, plan)

    with (
        pytest.raises((KeyboardInterrupt, CommandError)),
        tuned.published(SIZES, {}, is_stopped=never),
    ):
        raise error

    assert_as_before(session)


@pytest.mark.parametrize("operation", ["update_function_configuration", "publish_version"])
@pytest.mark.parametrize("call", [1, 2])
def test_nothing_is_left_when_aws_fails_while_versions_are_published(
    session: FakeSession,
    plan: RegionPlan,
    monkeypatch: pytest.MonkeyPatch,
    operation: str,
    call: int,
) -> None:
    tuned, real, calls = tuning(session, plan), getattr(session.functions, operation), 0

    def fails_once(**parameters: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            raise CommandError("AWS failed", next_step="x")
        return real(**parameters)

    monkeypatch.setattr(session.functions, operation, fails_once)
    with (
        pytest.raises(CommandError, match="AWS failed"),
        tuned.published(SIZES, {}, is_stopped=never),
    ):
        pass

    assert_as_before(session)


def test_no_more_versions_are_published_once_it_is_stopped(
    session: FakeSession, plan: RegionPlan
) -> None:
    answers = iter([False, True])

    with tuning(session, plan).published(SIZES, {}, is_stopped=lambda: next(answers)) as versions:
        assert [it.memory_mb for it in versions] == [512]

    assert_as_before(session)


def test_next_run_clears_away_what_a_killed_one_left(
    session: FakeSession, plan: RegionPlan
) -> None:
    left = replace(BEFORE, memory_mb=2048, description="firehose tune: 2048 MB")
    state(session).latest = left
    state(session).publish()

    assert tuning(session, plan).clean_up() == [2]

    assert_as_before(session)


def test_rollback_does_not_see_a_version_that_was_left(
    session: FakeSession, plan: RegionPlan
) -> None:
    state(session).latest = replace(BEFORE, description="firehose tune: 1024 MB")
    state(session).publish()
    live = session.live(plan)

    assert [it.number for it in versions_of(live.session, live.endpoints[0])] == [1]


def test_function_that_somebody_changed_by_hand_is_left_alone(
    session: FakeSession, plan: RegionPlan
) -> None:
    by_hand = replace(BEFORE, memory_mb=3008)
    state(session).latest = by_hand

    with (
        pytest.raises(CommandError, match="LATEST is not what its stack made"),
        tuning(session, plan).published(SIZES, {}, is_stopped=never),
    ):
        pass

    assert state(session).latest == by_hand
    assert len(state(session).versions) == 1


def test_every_version_gets_every_message_in_turns(
    session: FakeSession, plan: RegionPlan, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, bytes]] = []

    def milliseconds(version: Configuration, payload: bytes) -> float:
        seen.append((version.memory_mb, payload))
        return 20_480 / version.memory_mb

    monkeypatch.setattr(session.functions, "milliseconds_of", milliseconds)
    told: list[tuple[int, int]] = []
    with tuning(session, plan).published(SIZES, {}, is_stopped=never) as versions:
        calls = call_in_turns(
            session.client("lambda"),
            versions,
            [{"id": 1}, {"id": 2}],
            is_stopped=never,
            report=lambda done, total: told.append((done, total)),
        )

    assert seen == [
        (512, b'{"id":1}'),
        (1024, b'{"id":1}'),
        (512, b'{"id":2}'),
        (1024, b'{"id":2}'),
    ]
    assert [it.milliseconds for it in calls[512]] == [40, 40]
    assert [it.billed_ms for it in calls[1024]] == [20, 20]
    assert all(it.is_reported and it.used_mb == 100 for it in calls[512] + calls[1024])
    assert told[-1] == (4, 4)


def test_https_function_is_called_without_gateway_and_token_meanwhile(plan: RegionPlan) -> None:
    session = FakeSession(plan.region)
    before = Configuration("code-1", handler="endpoint.https.handler")
    template = {"acme-HttpsFunction": FunctionTemplate(configuration=before)}
    session.stacks.deploy(plan.stack_name, template)
    function = session.functions.states["acme-HttpsFunction"]

    with tuning(session, plan).published((512,), {}, is_stopped=never) as (version,):
        made = function.versions[version.number]

    assert (made.handler, made.code) == ("endpoint.direct.handler", "code-1")
    assert function.latest == before
