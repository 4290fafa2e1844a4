"""`firehose quota text`: what to write into AWS's support case."""

from __future__ import annotations

import typer

from console.options import DEFAULT_DEPLOYMENT, DeploymentOption, RegionOption
from console.planned_regions import read_deployment
from ops.readiness.quota_case import case_text


def text(*, deployment: DeploymentOption = DEFAULT_DEPLOYMENT, region: RegionOption = None) -> None:
    """Print what to write into the support case, with mParticle's own values. Asks AWS nothing.

    Example: firehose quota text --region eu-central-1
    """
    for plan in read_deployment(deployment, region).wanted:
        typer.echo(f"{case_text(plan)}\n")
