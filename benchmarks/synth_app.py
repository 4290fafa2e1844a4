"""An app to measure: so many regions and policy packs, or stacks without anything in them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from aws_cdk import App, Environment, IPolicyValidationPlugin, Stack, Validations
from cdk_nag import AwsSolutionsChecks, ServerlessChecks

from plan.deployment import Deployment
from plan.names import stack_name
from plan.regions import regions
from plan.target import AWS
from stacks.endpoint_stack import EndpointStack
from stacks.policy import own_rules, packs

REGIONS = [
    "us-east-1",
    "eu-central-1",
    "ap-southeast-2",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "ca-west-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-central-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-south-1",
    "ap-south-2",
    "ap-east-1",
    "me-south-1",
    "me-central-1",
    "af-south-1",
    "il-central-1",
    "sa-east-1",
]
PACKS: dict[str, Callable[[App], list[IPolicyValidationPlugin]]] = {
    "all": packs,
    "nag": lambda app: [AwsSolutionsChecks(app), ServerlessChecks(app)],
    "own": lambda _: [own_rules()],
    "none": lambda _: [],
}


def main() -> None:
    """Synthesize what the arguments say, as the CDK CLI asks an app to."""
    parser = argparse.ArgumentParser()
    parser.add_argument("content", choices=["ours", "empty"])
    parser.add_argument("regions", type=int)
    parser.add_argument("packs", choices=PACKS)
    arguments = parser.parse_args()
    app = App()
    for region in REGIONS[: arguments.regions]:
        _add_stack(app, arguments.content, region)
    if plugins := PACKS[arguments.packs](app):
        Validations.of(app).add_plugins(*plugins)
    app.synth()


def _add_stack(app: App, content: str, region: str) -> None:
    env = Environment(account="111122223333", region=region)
    if content == "empty":
        Stack(app, f"Empty-{region}", env=env)
        return
    deployment = Deployment(name="acme", transports=("lambda", "https"))
    first = regions(deployment, replace(AWS, package=Path("lambda_src")))[0]
    plan = replace(first, region=region, stack_name=stack_name("acme", region))
    EndpointStack(app, plan.stack_name, plan=plan, env=env)


if __name__ == "__main__":
    main()
