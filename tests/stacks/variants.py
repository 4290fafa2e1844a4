"""Every variant of the stacks, each synthesized at most once for all tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from aws_cdk import App, Environment

from plan.deployment import Deployment
from plan.limits import Limits, RegionLimits
from plan.region_plan import RegionPlan
from plan.regions import regions
from plan.target import AWS, LOCAL, Target
from stacks.endpoint_stack import EndpointStack

ROOT = Path(__file__).parents[2]
REGION = "eu-central-1"
"""Where tests look that do not care which region it is."""
CONTEXT = json.loads((ROOT / "cdk.json").read_text())["context"]
"""The CLI gives an app its feature flags; a test has to."""

Template = dict[str, Any]

INLINE = {
    "processing": {"events": "inline", "audiences": "inline", "dsr": "inline"},
    "queue": {"keep": False},
}


def _measured(*, concurrent_executions: int, unreserved: int) -> RegionLimits:
    return RegionLimits(
        measured_on=date(2026, 11, 2),
        concurrent_executions=concurrent_executions,
        unreserved=unreserved,
    )


VARIANTS: dict[str, Mapping[str, Any]] = {
    "acme": INLINE,
    "full": {
        **INLINE,
        "account": "111122223333",
        "function": {
            "memory_mb": 2048,
            "architecture": "x86_64",
            "reserved_concurrency": 1500,
            "provisioned_concurrency": 5,
        },
        "alarms": {
            "email": "oncall@acme.example",
            "https": ["https://alarms.acme.example/sns", "secret:acme/pagerduty"],
            "slack": {"workspace": "T0123ABCD", "channel": "C0123ABCD"},
            "go_live": True,
        },
        "logs": {"retention_days": 90},
        "environment": {"PARTNER_API_URL": "https://api.acme.example"},
        "regions": {
            "eu-central-1": {"environment": {"PARTNER_API_URL": "https://eu.acme.example"}}
        },
        "accounts": {"EU1": {"extra": ["444455556666"], "removed": ["457804467337"]}},
        "tags": {"team": "integrations"},
        "traffic": {"other_reserved": 200},
    },
    "shared": {**INLINE, "function": {"reserved_concurrency": "unreserved"}},
    "older": {**INLINE, "code": {"runtime": "python3.13"}},
    "jar": {
        "code": {
            "path": "acme.jar",
            "runtime": "java21",
            "handler": "com.acme.Endpoint::handleRequest",
        }
    },
    "embedded": INLINE,
    "queued": {},
    "gradual": {
        "transports": ["lambda", "https"],
        "rollout": {"strategy": "canary-10-percent-5-minutes"},
    },
    "young": {"function": {"provisioned_concurrency": 5}},
    "https": {**INLINE, "transports": ["https"]},
    "https-queued": {"transports": ["https"], "processing": {"events": "queued"}},
    "both-inline": {**INLINE, "transports": ["lambda", "https"]},
    "both": {
        "transports": ["lambda", "https"],
        "alarms": {"go_live": True},
        "https": {"prefix": "/firehose/v1", "requests_per_second": 3000, "burst": 1000},
        "regions": {
            "eu-central-1": {
                "domain": {
                    "name": "firehose-eu.acme.example",
                    "certificate_arn": "arn:aws:acm:eu-central-1:111122223333:certificate/a-1",
                }
            }
        },
    },
    "all-queued": {
        "delivery": {"deduplicate": True},
        "processing": {"events": "queued"},
        "worker": {
            "memory_mb": 1024,
            "timeout_seconds": 60,
            "reserved_concurrency": 40,
            "maximum_concurrency": 20,
            "parallel": 5,
            "attempts": 3,
        },
        "queue": {
            "retention_days": 2,
            "dead_letter_retention_days": 7,
            "max_receives": 4,
            "batch_size": 5,
            "visibility_seconds": 600,
        },
    },
}
"""Deployments by name; `acme` has the defaults but no queue, `jar` deploys another artifact,
`embedded` goes to the embedded AWS, `young` to an account that AWS allows little."""

LIMITS = {
    "young": {
        "us-east-1": _measured(concurrent_executions=1_000, unreserved=1_000),
        "eu-central-1": _measured(concurrent_executions=10, unreserved=10),
        "ap-southeast-2": _measured(concurrent_executions=3_000, unreserved=3_000),
    }
}
"""What AWS was measured to allow a variant's account; any other was not measured."""


class Variants:
    """The plans and stacks of every variant, by its name and region.

    A stack is synthesized when the first test asks for it, and never again: tests read its JSON.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        package = folder / "package"
        package.mkdir()
        (package / "handler.py").write_text("")
        (folder / "acme.jar").write_bytes(b"jar")
        self.plans = {
            (name, plan.region): plan
            for name in VARIANTS
            for plan in regions(
                _deployment(name, folder),
                _target(name, package),
                Limits(regions=LIMITS.get(name, {})),
            )
        }

    def forms(self) -> list[tuple[str, str]]:
        """List each variant in `REGION`, and in those regions where more than texts differ."""
        found = {(name, _form(self.plans[name, REGION])): (name, REGION) for name in VARIANTS}
        for key, plan in self.plans.items():
            found.setdefault((key[0], _form(plan)), key)
        return list(found.values())

    def plan(self, variant: str, region: str = REGION) -> RegionPlan:
        """Give what was planned."""
        return self.plans[variant, region]

    @cache  # noqa: B019 - one object for the whole session
    def app(self, variant: str, region: str = REGION) -> App:
        """Give the app of one stack, synthesized."""
        app = App(outdir=str(self._folder / f"{variant}-{region}"), context=CONTEXT)
        _add_stack(app, self.plans[variant, region])
        app.synth()
        return app

    def unsynthesized(self) -> App:
        """Make one app of all variants in `REGION`, as far as the constructs."""
        app = App(outdir=str(self._folder / "unsynthesized"), context=CONTEXT)
        for variant in VARIANTS:
            _add_stack(app, self.plans[variant, REGION])
        return app

    def template(self, variant: str, region: str = REGION) -> Template:
        """Read what was synthesized."""
        template: Template = json.loads(self.template_file(variant, region).read_text())
        return template

    def template_file(self, variant: str, region: str = REGION) -> Path:
        """Find what CloudFormation would be given."""
        name = self.plans[variant, region].stack_name
        return self._assembly(variant, region) / f"{name}.template.json"

    def stack_properties(self, variant: str, region: str = REGION) -> dict[str, Any]:
        """Read what the CLI is told about the stack."""
        manifest = json.loads((self._assembly(variant, region) / "manifest.json").read_text())
        artifact: dict[str, Any] = manifest["artifacts"][self.plans[variant, region].stack_name]
        return artifact

    def stack_metadata(self, variant: str, region: str = REGION) -> list[dict[str, Any]]:
        """Read what synthesis noted about the stack itself, such as warnings."""
        name = self.plans[variant, region].stack_name
        artifact = self.stack_properties(variant, region)
        metadata = artifact.get("metadata", {})
        if file := artifact.get("additionalMetadataFile"):
            metadata = json.loads((self._assembly(variant, region) / file).read_text())
        entries: list[dict[str, Any]] = metadata.get(f"/{name}", [])
        return entries

    def _assembly(self, variant: str, region: str) -> Path:
        return Path(self.app(variant, region).outdir)


def _add_stack(app: App, plan: RegionPlan) -> None:
    env = Environment(account=plan.account, region=plan.region)
    EndpointStack(app, plan.stack_name, plan=plan, env=env)


def _form(plan: RegionPlan) -> str:
    """Give what a plan is but for texts and the number of accounts, which make no other stack."""
    return json.dumps(_shape(asdict(replace(plan, pods=(), invoking_accounts=()))))


def _shape(value: object) -> object:
    if isinstance(value, dict):
        return {key: _shape(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_shape(item) for item in value]
    return value if isinstance(value, int | float | None) else "text"


def _deployment(name: str, folder: Path) -> Deployment:
    choices = dict(VARIANTS[name])
    if "path" in choices.get("code", {}):
        choices["code"] = choices["code"] | {"path": str(folder / choices["code"]["path"])}
    return Deployment.model_validate({"name": name, **choices})


def _target(name: str, package: Path) -> Target:
    return replace(LOCAL if name == "embedded" else AWS, package=package)


def resources(template: Template, kind: str) -> dict[str, dict[str, Any]]:
    """Select the resources of one CloudFormation type, by logical id."""
    return {
        logical_id: resource
        for logical_id, resource in template["Resources"].items()
        if resource["Type"] == kind
    }
