"""Rules that AWS applies when it deploys, which its schemas do not say, held at synth time.

cdk-preflight's authors reproduced each of them on AWS: pypi.org/project/cdk-preflight.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from aws_cdk import App, Environment, Stack
from aws_cdk import aws_lambda as lambda_
from cdk_preflight import Preflight

from stacks.endpoint_stack import EndpointStack
from tests.stacks.variants import CONTEXT, REGION, VARIANTS, Variants

ENVIRONMENT = Environment(account="111122223333", region=REGION)


def app_in(folder: Path) -> App:
    return App(context=CONTEXT, outdir=str(folder))


def test_every_variant_passes_the_rules_of_a_deployment(variants: Variants, tmp_path: Path) -> None:
    app = app_in(tmp_path)
    for name in VARIANTS:
        EndpointStack(app, f"{name}-stack", plan=variants.plan(name), env=ENVIRONMENT)

    Preflight.apply(app, enforce=True)

    assert len(app.synth().stacks) == len(VARIANTS)


def test_rules_of_a_deployment_are_at_work(tmp_path: Path) -> None:
    app = app_in(tmp_path)
    lambda_.CfnFunction(
        Stack(app, "TooMuch", env=ENVIRONMENT),
        "Function",
        code={"s3Bucket": "bucket", "s3Key": "key"},
        handler="index.handler",
        role="arn:aws:iam::111122223333:role/any",
        runtime="python3.13",
        environment={"variables": {"TEXT": "x" * 5_000}},
    )

    Preflight.apply(app, enforce=True)

    with pytest.raises(RuntimeError, match="pf-lambda-env-size"):
        app.synth()
