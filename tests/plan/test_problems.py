"""A problem of a file says once what was found, shortly, and what is known in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from plan.deployment import Deployment
from plan.problems import DeploymentError, Problem, problems_of


def problems(**choices: Any) -> list[Problem]:
    with pytest.raises(ValidationError) as refused:
        Deployment.model_validate({"name": "acme", **choices})
    return problems_of(refused.value, Deployment)


@pytest.mark.parametrize(
    ("choices", "key"),
    [
        (
            {
                "code": {"path": "no.jar", "runtime": "nodejs24.x", "handler": "index.handler"},
                "transports": ["lambda", "https"],
                "processing": {"dsr": "queued"},
                "function": {"snap_start": True},
            },
            "code.path",
        ),
        ({"worker": {"timeout_seconds": 0}, "queue": {"visibility_seconds": 1}}, "worker."),
        ({"queue": {"retention_days": 99, "dead_letter_retention_days": 1}}, "queue."),
        ({"worker": {"reserved_concurrency": 0, "maximum_concurrency": 9}}, "worker."),
        ({"function": {"reserved_concurrency": 0, "provisioned_concurrency": 9}}, "function."),
        ({"function": {"provisioned_concurrency": -1, "snap_start": True}}, "function."),
        ({"traffic": {"average_rps": 0, "peak_rps": 1}}, "traffic.average_rps"),
        ({"pods": ["XX"], "accounts": {"EU1": {}}, "regions": {"eu-central-1": {}}}, "pods.0"),
        (
            {
                "environment": {"A B": "x" * 99},
                "regions": {"us-east-1": {"environment": {"B": "x" * 3_063}}},
            },
            "environment.A B",
        ),
        (
            {"accounts": {"EU1": {"confirmed": ["1"], "removed": ["583371261087"]}}},
            "accounts.EU1.confirmed.0",
        ),
    ],
)
def test_what_depends_on_a_wrong_value_is_no_second_problem(
    choices: dict[str, Any], key: str
) -> None:
    (problem,) = problems(**choices)

    assert problem.key.startswith(key)


def test_value_is_shown_as_it_was_written_up_to_sixty_characters() -> None:
    def found(account: str) -> str:
        (problem,) = problems(account=account)
        return problem.found

    assert found("ü" * 58) == f'"{"ü" * 58}"'
    assert found("ü" * 59) == f'"{"ü" * 59}…'


def test_of_a_variable_only_the_type_is_shown() -> None:
    assert problems(environment={"A": 5}) == [
        Problem("environment.A", "a value of type int", "a valid string")
    ]


def test_value_nested_without_end_is_a_problem_like_any_other() -> None:
    nested: list[Any] = []
    for _ in range(20_000):
        nested = [nested]

    (problem,) = problems(account=nested)
    assert (problem.key, problem.found) == ("account", "a value nested without end")


@pytest.mark.parametrize(
    ("choices", "key", "allowed"),
    [
        (
            {"queue": {"batchsize": 5}},
            "queue.batchsize",
            "did you mean batch_size? known keys: batch_size, dead_letter_retention_days,",
        ),
        ({"queue": {"zzz": 5}}, "queue.zzz", "known keys: batch_size, dead_letter_retention_days,"),
        (
            {"regions": {"us-east-1": {"zzz": 5}}},
            "regions.us-east-1.zzz",
            "known keys: domain, environment",
        ),
        ({"alarms": {"slack": {"zzz": 5}}}, "alarms.slack.zzz", "known keys: channel, workspace"),
    ],
)
def test_unknown_key_is_answered_with_those_of_its_table(
    choices: dict[str, Any], key: str, allowed: str
) -> None:
    found = {problem.key: problem for problem in problems(**choices)}

    assert found[key].found == "an unknown key"
    assert found[key].allowed.startswith(allowed)


def test_name_of_an_entry_is_a_problem_of_its_own() -> None:
    (problem,) = problems(regions={"eu-west-1": {}})

    assert problem == Problem(
        "regions.eu-west-1", "this name", "one of us-east-1, eu-central-1, ap-southeast-2"
    )


def test_every_problem_of_a_file_has_its_line() -> None:
    error = DeploymentError(
        Path("deployment.toml"), [Problem("a", "1", "2"), Problem("b.c", "nothing", "a value")]
    )

    assert str(error) == (
        "deployment.toml cannot be used:\n"
        "  a: found 1; allowed: 2\n"
        "  b.c: found nothing; allowed: a value"
    )
    assert [problem.key for problem in error.problems] == ["a", "b.c"]
    assert error.path == Path("deployment.toml")
