"""The two tokens of a region: what storing and retiring does to them, and what it never does."""

from __future__ import annotations

import pytest

from console.exit_codes import CommandError
from firehose.secret import Secret
from ops.live.region import LiveRegion
from ops.tokens.versions import read_versions, retire_previous, store
from plan.names import TOKEN_SECRET_OUTPUT
from plan.region_plan import RegionPlan
from tests.aws.secrets import FIRST_STORED
from tests.aws.session import FakeSession
from tests.aws.stack_state import FunctionTemplate

SECRET = "secret-of-the-url"
ONE, TWO, THREE = (Secret(f"canary-{number}") for number in "123")


@pytest.fixture
def session(plan: RegionPlan) -> FakeSession:
    """Give a region with the secret of a deployment: there, and empty."""
    session = FakeSession(plan.region)
    session.stacks.outputs = {TOKEN_SECRET_OUTPUT: SECRET}
    session.stacks.deploy(plan.stack_name, {"acme-firehose": FunctionTemplate()})
    session.secrets.labels[SECRET] = {}
    return session


@pytest.fixture
def live(session: FakeSession, plan: RegionPlan) -> LiveRegion:
    return session.live(plan)


def valid(live: LiveRegion) -> list[str | None]:
    """Show the current token and the one before."""
    found = read_versions(live)
    return [it.token.reveal() if it else None for it in (found.current, found.previous)]


def test_no_token_is_valid_before_one_is_stored(live: LiveRegion) -> None:
    found = read_versions(live)

    assert (found.current, found.previous, found.valid) == (None, None, 0)
    assert (found.secret, found.tokens) == (SECRET, frozenset())


def test_stored_token_is_the_current_one_and_the_one_before_stays_valid(live: LiveRegion) -> None:
    assert [store(live, token) for token in (ONE, TWO)] == ["stored", "stored"]

    found = read_versions(live)
    assert valid(live) == ["canary-2", "canary-1"]
    assert (found.valid, set(found.tokens)) == (2, {ONE, TWO})
    assert found.current
    assert found.previous
    assert found.current.since == "2026-11-03T12:00:00+00:00"
    assert found.previous.since == "2026-11-02T12:00:00+00:00"


def test_same_token_is_not_stored_again_lest_the_one_before_ends(live: LiveRegion) -> None:
    for token in (ONE, TWO):
        store(live, token)

    assert store(live, TWO) == "is there already"
    assert valid(live) == ["canary-2", "canary-1"]


def test_third_token_is_refused_with_the_age_of_the_oldest(live: LiveRegion) -> None:
    for token in (ONE, TWO):
        store(live, token)

    with pytest.raises(CommandError, match="two tokens are valid, the older one since 2026-11-02T"):
        store(live, THREE)

    assert valid(live) == ["canary-2", "canary-1"]


def test_one_before_can_be_made_the_current_one_again(live: LiveRegion) -> None:
    for token in (ONE, TWO):
        store(live, token)

    assert store(live, ONE) == "stored"
    assert valid(live) == ["canary-1", "canary-2"]


def test_third_token_is_stored_where_both_labels_name_one_value(
    live: LiveRegion, session: FakeSession
) -> None:
    for _ in range(2):
        session.secrets.put_secret_value(SecretId=SECRET, SecretString=f" {ONE.reveal()}\n")

    assert read_versions(live).valid == 1
    assert store(live, TWO) == "stored"
    assert valid(live) == ["canary-2", "canary-1"]


def test_retired_token_is_valid_no_more(live: LiveRegion, session: FakeSession) -> None:
    for token in (ONE, TWO):
        store(live, token)

    retire_previous(live.session, read_versions(live))
    retire_previous(live.session, read_versions(live))  # nothing is left to retire

    assert valid(live) == ["canary-2", None]
    assert session.secrets.calls.count("update_secret_version_stage") == 1


def test_secret_that_holds_only_space_is_no_token(live: LiveRegion, session: FakeSession) -> None:
    session.secrets.put_secret_value(SecretId=SECRET, SecretString=" \n")

    assert read_versions(live).current is None


def test_secret_that_holds_no_text_is_no_token(live: LiveRegion, session: FakeSession) -> None:
    binary = {"SecretBinary": b"canary", "CreatedDate": FIRST_STORED}
    session.secrets.versions.append(binary)
    session.secrets.labels[SECRET] = {"AWSCURRENT": 0}

    assert read_versions(live).current is None


def test_tokens_are_not_shown(live: LiveRegion) -> None:
    store(live, ONE)

    assert "canary" not in repr(read_versions(live))
