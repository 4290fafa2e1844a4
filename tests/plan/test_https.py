"""The HTTPS endpoint of a plan: where it is a transport, and choices that cannot work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plan.planning import JAR, planned, problems


def test_budget_of_https_is_shorter() -> None:
    plan = planned(transports=["https"], https={"overflow_ms": 50})

    assert plan.https is not None
    assert plan.https.overflow_ms == 50


def test_https_is_planned_where_it_is_a_transport() -> None:
    assert planned().https is None

    plan = planned(transports=["https"])
    assert plan.transports == ("https",)
    assert plan.https is not None
    assert (plan.https.function.handler, plan.https.function.name) == ("endpoint.https.handler", "")
    assert plan.https.function.memory_mb == plan.function.memory_mb
    assert (plan.https.requests_per_second, plan.https.burst) == (10_000, 5_000)


CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/a-1"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            'https.prefix = "firehose/"',
            (
                'https.prefix: found "firehose/"; allowed: "", or parts in lower case that each'
                " start with a slash, such as /firehose"
            ),
        ),
        (
            (
                f'[regions.eu-central-1.domain]\nname = "e.acme.example"\n'
                f'certificate_arn = "{CERTIFICATE}"'
            ),
            (
                f"regions.eu-central-1.domain.certificate_arn: found {CERTIFICATE}; allowed: a"
                " certificate in eu-central-1, as API Gateway demands"
            ),
        ),
        (
            f'[regions.us-east-1.domain]\ncertificate_arn = "{CERTIFICATE}"',
            "regions.us-east-1.domain.name: found nothing; allowed: a value; the key is required",
        ),
        (
            f'[regions.us-east-1.domain]\nname = "acme"\ncertificate_arn = "{CERTIFICATE}"',
            (
                'regions.us-east-1.domain.name: found "acme"; allowed: a domain name in lower'
                " case, such as firehose-eu.acme.example"
            ),
        ),
    ],
)
def test_https_choices_that_cannot_work_are_refused(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problems(tmp_path, text) == [problem]


def test_another_artifact_has_no_https_endpoint(tmp_path: Path) -> None:
    jar = tmp_path / "acme.jar"
    jar.write_bytes(b"")
    text = f"""
        transports = ["lambda", "https"]
        [code]
        path = "{jar}"
        runtime = "{JAR["runtime"]}"
        handler = "{JAR["handler"]}"
    """

    assert problems(tmp_path, text) == [
        (
            'transports: found ["lambda", "https"]; allowed: ["lambda"], because code.path is'
            " another artifact"
        )
    ]


def test_each_transport_has_an_endpoint_with_mparticles_limit_in_milliseconds() -> None:
    both = planned(transports=["https", "lambda"]).endpoints

    assert [(it.transport, it.limit_ms) for it in both] == [("lambda", 200), ("https", 100)]
    assert [it.transport for it in planned(transports=["https"]).endpoints] == ["https"]
