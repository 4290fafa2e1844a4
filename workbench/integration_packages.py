"""The integration packages of `lambda_src`: their names, their class, the plan they run by."""

from __future__ import annotations

import os
from dataclasses import replace
from importlib import import_module
from pathlib import Path

from console.exit_codes import CommandError
from console.planned_regions import planned_one
from firehose import MessageProcessor
from plan import names
from plan.region_plan import RegionPlan


def plan_of_package(package: str) -> RegionPlan:
    """Plan the first region of the deployment file with the integration of a package.

    Raises what `planned_one` raises, and `CommandError` when the package has not one class of it.
    """
    deployment = Path(os.environ.get(names.DEPLOYMENT_VARIABLE, names.DEPLOYMENT_FILE))
    plan = planned_one(deployment)
    configured = plan.function.integration or ""
    if configured.partition(":")[0] == package:
        return plan
    return replace(plan, function=replace(plan.function, integration=integration_of(package)))


def integration_of(package: str) -> str:
    """Find the class of a package that is an integration, as `package:Class`."""
    module = import_module(package)
    classes = [
        name
        for name, value in vars(module).items()
        if isinstance(value, type)
        and issubclass(value, MessageProcessor)
        and value.__module__.partition(".")[0] == package
    ]
    if len(classes) != 1:
        raise CommandError(
            f"{package}: found {len(classes)} classes derived from MessageProcessor",
            next_step=f"define exactly one in lambda_src/{package}/__init__.py",
        )
    return f"{package}:{classes[0]}"
