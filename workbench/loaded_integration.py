"""The partner's class, loaded into this process, and what it registers."""

from __future__ import annotations

from typing import cast

from console.exit_codes import CommandError, UsageError
from endpoint.plugin import IntegrationError, load_integration
from firehose import MessageProcessor, ModuleRegistrationRequest, ModuleRegistrationResponse
from plan.region_plan import RegionPlan
from workbench.partner_trace import trace_of


def integration_name(plan: RegionPlan) -> str:
    """Give `module:Class`. Raises `UsageError` for another artifact."""
    if plan.function.integration is None:
        raise UsageError(
            f"{plan.function.package} is not our package, so it cannot run in this process",
            next_step="firehose contract runs a jar, and with --target local any other package",
        )
    return plan.function.integration


def loaded_integration(name: str) -> MessageProcessor:
    """Make the integration. Raises `CommandError`, with the partner's part of the trace."""
    try:
        return load_integration(name)
    except IntegrationError as error:
        raise CommandError(
            str(error), next_step="mend code.integration in the deployment file"
        ) from None
    except (Exception, SystemExit) as error:  # whatever the partner's code raises meanwhile
        raise CommandError(
            f"{name} cannot be loaded:\n{trace_of(error)}",
            next_step="mend what the last lines name",
        ) from None


def registration_of(integration: MessageProcessor) -> ModuleRegistrationResponse:
    """Ask an integration what it is; `process` itself refuses any other answer.

    Raises `CommandError`, with the partner's part of the trace.
    """
    try:
        answer = integration.process(ModuleRegistrationRequest())
    except Exception as error:  # whatever the partner's code raises
        raise CommandError(
            f"the registration cannot be made:\n{trace_of(error)}",
            next_step="mend what the last lines name",
        ) from None
    return cast("ModuleRegistrationResponse", answer)
