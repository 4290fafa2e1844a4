"""Lambda takes 4 KB of variables, ours among them; a deployment with more is refused."""

from __future__ import annotations

import json

import pytest
from pydantic import ValidationError

from endpoint.settings import Settings, WorkerSettings
from plan.deployment import Deployment
from plan.fields import OUR_ENVIRONMENT_BYTES

LONGEST_QUEUE_URL = f"https://sqs.ap-southeast-2.amazonaws.com/{'1' * 12}/{'q' * 80}"
LONGEST_SECRET_ARN = f"arn:aws:secretsmanager:ap-southeast-2:{'1' * 12}:secret:{'s' * 80}-abcdef"
INTEGRATION = f"{'m' * 60}:{'C' * 60}"


def deployment(**choices: object) -> Deployment:
    return Deployment.model_validate({"name": "acme", **choices})


def test_variables_that_fit_beside_ours_are_taken() -> None:
    assert deployment(environment={"A": "x" * 3_000}).environment["A"] == "x" * 3_000


@pytest.mark.parametrize(
    ("choices", "key"),
    [
        ({"environment": {"A": "ÿ" * 1_600}}, "environment"),
        (
            {
                "environment": {"A": "x" * 2_000},
                "regions": {"eu-central-1": {"environment": {"B": "x" * 2_000}}},
            },
            "eu-central-1.environment",
        ),
    ],
)
def test_more_than_lambda_takes_is_refused_without_showing_it(
    choices: dict[str, object], key: str
) -> None:
    with pytest.raises(ValidationError, match="at most 3,072 bytes") as refused:
        deployment(**choices)

    (error,) = refused.value.errors()
    where = [*map(str, error["loc"]), error["ctx"]["key"]]
    assert ".".join(where).strip(".").endswith(key)
    assert error["ctx"]["found"].endswith(" bytes")


def test_what_is_kept_for_our_own_variables_is_enough() -> None:
    endpoint = Settings(
        integration=INTEGRATION,
        queued=("events", "audiences", "dsr"),
        queue_url=LONGEST_QUEUE_URL,
        token_secret=LONGEST_SECRET_ARN,
    )
    worker = WorkerSettings(
        integration=INTEGRATION,
        queue_url=LONGEST_QUEUE_URL,
        dead_letter_queue_url=LONGEST_QUEUE_URL,
        parallel=100,
        attempts=100,
        max_receives=1_000,
    )

    for settings in (endpoint, worker):
        assert len(json.dumps(settings.to_environment())) < OUR_ENVIRONMENT_BYTES
