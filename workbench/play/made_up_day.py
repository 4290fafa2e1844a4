"""A made-up day of several customers: traffic that rises and falls, waves of audiences, checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import cos, pi
from random import Random

from firehose import ModuleRegistrationResponse
from plan.mparticle import PODS
from plan.region_plan import RegionPlan
from probe.customer_settings import MADE_UP, Settings, settings_of, with_settings
from probe.endpoint_answer import Json
from probe.sample_messages import FIRST_MOMENT_MS, SampleKind, sample_messages
from probe.sample_shape import SampleShape
from probe.sender_filter import SenderFilter
from workbench.play.played_message import FAMILY_OF, PlayedCustomer, PlayedFamily, PlayedMessage

DAY_SECONDS = 86_400.0
_CHECK_SECONDS = 3_600.0
"""How often mParticle asks whether the endpoint lives; it says only: periodically."""
_WAVES_AT = (6 * 3600.0, 12 * 3600.0, 20 * 3600.0)
_WAVE_SECONDS = 120.0
"""When the customers' audiences are computed, and how long it takes to send who entered or left."""
_CONNECTING_SECONDS = 600.0
_IDLE = (SampleKind.EVENTS_IDLE, SampleKind.MEMBERSHIP_IDLE)
_SHARES: dict[SampleKind, int] = {
    SampleKind.EVENTS: 80,
    SampleKind.MEMBERSHIP: 15,
    SampleKind.ERASURE: 5,
}
"""Of the messages, in percent, as far as their families are registered."""
_AUDIENCES = 3
"""How many a customer connects; the sample memberships are of these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayChoices:
    """How much is made up, in each region; the same seed makes the same day."""

    messages: int = 400
    customers: int = 3
    seed: int = 1


def customers_of(
    plan: RegionPlan, registration: ModuleRegistrationResponse, *, count: int, entered: Settings
) -> list[PlayedCustomer]:
    """Make up a region's customers: shared out over its pods and over its transports.

    What they enter as text has their number in it, so that a script can mean one of them.
    """
    regions = list(dict.fromkeys(pod.region for pod in PODS.values()))
    first = 1_000 * (1 + regions.index(plan.region))
    return [
        PlayedCustomer(
            account_id=first + number,
            pod=plan.pods[number % len(plan.pods)],
            transport=plan.transports[number % len(plan.transports)],
            settings=_entered_by(first + number, registration, entered),
        )
        for number in range(max(count, len(plan.pods), len(plan.transports)))
    ]


def made_up_day(
    plan: RegionPlan,
    customers: Sequence[PlayedCustomer],
    registration: ModuleRegistrationResponse,
    choices: DayChoices,
) -> list[PlayedMessage]:
    """Make up what mParticle sends in a day from a region's pods, in no order."""
    shape = SampleShape.of(registration)
    maker = _Maker(f"{choices.seed} {plan.region}", shape, SenderFilter.of(registration))
    messages = [*maker.checks(customers)]
    for customer in customers:
        messages += maker.connections(customer)
    for number in range(choices.messages):
        messages += maker.message(customers[number % len(customers)])
    return messages


class _Maker:
    """Makes messages from one random source for each kind."""

    def __init__(self, seed: str, shape: SampleShape, passing: SenderFilter) -> None:
        self._random = Random(seed)  # noqa: S311 - data for tests, never secrets
        self._passing = passing
        self._samples: dict[SampleKind, Iterator[Json]] = {
            kind: sample_messages([kind], seed=self._random.getrandbits(63), shape=shape)
            for kind in SampleKind
        }
        self._kinds = [kind for kind in passing.kinds if kind in _SHARES]

    def checks(self, customers: Sequence[PlayedCustomer]) -> Iterator[PlayedMessage]:
        """Make the registration, and the checks of each transport, hour by hour."""
        first_over = {it.transport: it for it in reversed(customers)}
        registered = [it for it in self._passing.kinds if it in _IDLE]
        for customer in first_over.values():
            yield self._made(SampleKind.REGISTRATION, customer, at=0.0, family="checks")
            for hour in range(int(DAY_SECONDS / _CHECK_SECONDS)):
                for kind in registered:
                    at = hour * _CHECK_SECONDS + self._random.uniform(0, 60)
                    yield self._made(kind, customer, at=at, family="checks")

    def connections(self, customer: PlayedCustomer) -> Iterator[PlayedMessage]:
        """Make a customer connect its audiences, before anybody enters one."""
        if SampleKind.SUBSCRIPTION not in self._passing.kinds:
            return
        for audience in range(1, _AUDIENCES + 1):
            at = self._random.uniform(0, _CONNECTING_SECONDS)
            made = self._made(SampleKind.SUBSCRIPTION, customer, at=at)
            made.content.update(audience_id=audience, action="add")
            yield made

    def message(self, customer: PlayedCustomer) -> Iterator[PlayedMessage]:
        """Make one message of a customer; none where nothing of it would be passed on."""
        if not self._kinds:
            return
        weights = [_SHARES[kind] for kind in self._kinds]
        (kind,) = self._random.choices(self._kinds, weights)
        made = self._made(kind, customer, at=self._moment(kind))
        if passed := self._passing.passed(made.content):
            yield PlayedMessage(at=made.at, customer=customer, family=made.family, content=passed)

    def _moment(self, kind: SampleKind) -> float:
        if kind is SampleKind.MEMBERSHIP:
            return self._random.choice(_WAVES_AT) + self._random.uniform(0, _WAVE_SECONDS)
        while True:  # least at four in the morning, most twelve hours later
            moment = self._random.uniform(_CONNECTING_SECONDS, DAY_SECONDS)
            busy = 0.55 - 0.45 * cos(2 * pi * (moment / DAY_SECONDS - 1 / 6))
            if self._random.random() < busy:
                return moment

    def _made(
        self,
        kind: SampleKind,
        customer: PlayedCustomer,
        *,
        at: float,
        family: PlayedFamily | None = None,
    ) -> PlayedMessage:
        content = sent_at(next(self._samples[kind]), FIRST_MOMENT_MS + round(at * 1_000))
        content = of_customer(content, customer)
        return PlayedMessage(
            at=at, customer=customer, family=family or FAMILY_OF[kind.type], content=content
        )


def sent_at(message: Json, moment_ms: int) -> Json:
    """Move a message to a moment, with its events as much earlier as they were."""
    by = moment_ms - message["timestamp_ms"]
    moved = message | {"timestamp_ms": moment_ms}
    if "events" in message:
        moved["events"] = [
            event | {"timestamp_ms": event["timestamp_ms"] + by} for event in message["events"]
        ]
    return moved


def of_customer(message: Json, customer: PlayedCustomer) -> Json:
    """Make a message a customer's: its account, and the settings wherever they belong."""
    account = message.get("account")
    if account is None:
        return message
    changed = message | {"account": account | {"account_id": customer.account_id}}
    return with_settings(changed, customer.settings) if "account_settings" in account else changed


def _entered_by(
    account_id: int, registration: ModuleRegistrationResponse, entered: Settings
) -> dict[str, str]:
    settings = settings_of(registration, entered)
    return {
        name: f"{MADE_UP}-{account_id}" if text == MADE_UP else text
        for name, text in settings.items()
    }
