"""A region made ready for a play: its endpoint, wherever it runs, and the day's messages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from cloud.regions import aws_failures, session_in
from cloud.stack import deployed_stack
from console.exit_codes import CommandError, UsageError
from firehose import ModuleRegistrationResponse
from local.service_calls import Behaviour
from plan.region_plan import RegionPlan
from probe.customer_settings import Settings
from probe.deployed_stages import endpoints_of, registration_of, stages_of
from probe.endpoint_check import Stage
from probe.https_endpoint import HttpsEndpoint
from probe.registered_types import registration_in
from workbench import loaded_integration
from workbench.contract.stages_on_embedded_aws import stages_on_embedded_aws
from workbench.message_files import NamedMessage
from workbench.pace import Pace, SkippingClock
from workbench.play.made_up_day import DAY_SECONDS, DayChoices, customers_of, made_up_day
from workbench.play.play_records import PlayRecord
from workbench.play.played_message import PlayedMessage
from workbench.play.recorded_day import recorded_day
from workbench.play.sender import Sender
from workbench.play.sender_rules import SenderRules
from workbench.play.venue import PlayClock, Venue
from workbench.play.venue_deployed import DeployedVenue, HurriedClock
from workbench.play.venue_in_process import InProcessVenue
from workbench.service_script import AnswerRule, by_script
from workbench.trial_stage import stage


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayChoices:
    """What is played. `recorded` takes the place of a made-up day, `script` steers the service.

    `minutes` is how long the day takes against an endpoint that runs by itself.
    """

    day: DayChoices = field(default_factory=DayChoices)
    recorded: Sequence[NamedMessage] = ()
    rules: SenderRules = field(default_factory=SenderRules)
    script: Sequence[tuple[AnswerRule, Behaviour]] = ()
    entered: Settings = field(default_factory=dict, repr=False)
    minutes: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlayedRegion:
    """A region that is ready: `messages` are what will be sent, `play` sends them.

    `refused_hosts` names those that the integration was not let through to.
    """

    region: str
    messages: Sequence[PlayedMessage]
    refused_hosts: Sequence[str]
    _sender: Sender

    def play(self) -> Iterator[PlayRecord]:
        """Play the day; what happens is told while it does."""
        return self._sender.play(self.messages)


@contextmanager
def region_in_process(plan: RegionPlan, choices: PlayChoices) -> Iterator[PlayedRegion]:
    """Make a region ready in this process, for the length of a block; nothing leaves this machine.

    Raises `CommandError` when the integration cannot be loaded, or says not what it is.
    """
    chance = Random(f"{choices.day.seed} {plan.region}")  # noqa: S311 - a play, no secrets
    clock = SkippingClock()
    pace = Pace(now=clock.now, spread=Random(chance.getrandbits(63)).uniform)  # noqa: S311
    service = by_script(choices.script, now=clock.now, random=chance)
    with stage(plan, service=service, pace=pace) as runner:
        yield _ready(
            plan,
            choices,
            venue=InProcessVenue(runner),
            clock=clock,
            registration=loaded_integration.registration_of(runner.endpoint.integration),
            refused_hosts=runner.endpoint.refused_hosts,
        )


@contextmanager
def region_on_embedded_aws(
    plan: RegionPlan, choices: PlayChoices, deployment: Path
) -> Iterator[PlayedRegion]:
    """Deploy a region to an embedded AWS of its own, for the length of a block."""
    with stages_on_embedded_aws(deployment, [plan.region], entered=choices.entered) as stages:
        yield _running(plan, choices, stages)


@contextmanager
def region_deployed(plan: RegionPlan, choices: PlayChoices) -> Iterator[PlayedRegion]:
    """Find what is live in a region. Raises `CommandError` with exit code 4 where nothing is."""
    with aws_failures(plan.region):
        session = session_in(plan.region)
        endpoints = endpoints_of(session, deployed_stack(session, plan))
        yield _running(plan, choices, stages_of(endpoints, entered=choices.entered, plan=plan))


@contextmanager
def region_at_url(
    plan: RegionPlan, choices: PlayChoices, *, url: str, token: str | None
) -> Iterator[PlayedRegion]:
    """Take a URL for a region's endpoint, such as that of `firehose serve`.

    Raises `UsageError` for what is no URL of an endpoint.
    """
    endpoint = HttpsEndpoint.at(url, token=token)
    stages = stages_of([endpoint], entered=choices.entered, plan=None)
    yield _running(replace(plan, transports=("https",)), choices, stages)


def _running(plan: RegionPlan, choices: PlayChoices, stages: Sequence[Stage]) -> PlayedRegion:
    """Make what runs by itself ready; a service of ours behind it does as the script says."""
    registration = registration_in(registration_of(stages[0].endpoint))
    if registration is None:
        raise CommandError(
            f"{plan.region}: the endpoint does not say what it registers",
            next_step="firehose contract --check module_registration_request",
        )
    clock = HurriedClock(DAY_SECONDS / (choices.minutes * 60))
    for service in filter(None, (it.service for it in stages)):
        service.choose = by_script(choices.script, now=clock.now)
    return _ready(
        plan,
        choices,
        venue=DeployedVenue(stages),
        clock=clock,
        registration=registration,
        refused_hosts=(),
    )


def _ready(
    plan: RegionPlan,
    choices: PlayChoices,
    *,
    venue: Venue,
    clock: PlayClock,
    registration: ModuleRegistrationResponse,
    refused_hosts: Sequence[str],
) -> PlayedRegion:
    day = choices.day
    customers = customers_of(plan, registration, count=day.customers, entered=choices.entered)
    messages = (
        recorded_day(customers, registration, choices.recorded)
        if choices.recorded
        else made_up_day(plan, customers, registration, day)
    )
    if not messages:
        raise UsageError(
            f"{plan.region}: mParticle would send this integration nothing of it",
            next_step="compare the record with what firehose registration shows",
        )
    return PlayedRegion(
        region=plan.region,
        messages=messages,
        refused_hosts=refused_hosts,
        _sender=Sender(venue, clock, choices.rules),
    )
