"""Every variant of the stacks, synthesized once for all tests."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
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

Template = dict[str, Any]

INLINE = {"processing": {"events": "inline", "audiences": "inline", "dsr": "inline"}}


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
        "alarms": {"email": "oncall@acme.example", "go_live": True},
        "logs": {"retention_days": 90},
        "environment": {"PARTNER_API_URL": "https://api.acme.example"},
        "regions": {
            "eu-central-1": {"environment": {"PARTNER_API_URL": "https://eu.acme.example"}}
        },
        "accounts": {"EU1": {"extra": ["444455556666"], "removed": ["457804467337"]}},
        "tags": {"team": "integrations"},
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
    """The plans and templates of every variant, by its name and region."""

    def __init__(self, folder: Path) -> None:
        self.app = App(
            outdir=str(folder / "cdk.out"),
            # the CLI gives an app its feature flags; a test has to
            context=json.loads((ROOT / "cdk.json").read_text())["context"],
        )
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
        for plan in self.plans.values():
            env = Environment(account=plan.account, region=plan.region)
            EndpointStack(self.app, plan.stack_name, plan=plan, env=env)
        self._assembly = Path(self.app.synth().directory)

    def plan(self, variant: str, region: str) -> RegionPlan:
        """Give what was planned."""
        return self.plans[variant, region]

    def template(self, variant: str, region: str = "us-east-1") -> Template:
        """Read what was synthesized."""
        name = self.plans[variant, region].stack_name
        template: Template = json.loads((self._assembly / f"{name}.template.json").read_text())
        return template

    def template_files(self) -> list[Path]:
        """List what CloudFormation would be given."""
        return sorted(self._assembly.glob("*.template.json"))

    def stack_properties(self, variant: str, region: str = "us-east-1") -> dict[str, Any]:
        """Read what the CLI is told about the stack."""
        manifest = json.loads((self._assembly / "manifest.json").read_text())
        artifact: dict[str, Any] = manifest["artifacts"][self.plans[variant, region].stack_name]
        return artifact

    def stack_metadata(self, variant: str, region: str = "us-east-1") -> list[dict[str, Any]]:
        """Read what synthesis noted about the stack itself, such as warnings."""
        name = self.plans[variant, region].stack_name
        artifact = self.stack_properties(variant, region)
        metadata = artifact.get("metadata", {})
        if file := artifact.get("additionalMetadataFile"):
            metadata = json.loads((self._assembly / file).read_text())
        entries: list[dict[str, Any]] = metadata.get(f"/{name}", [])
        return entries


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
