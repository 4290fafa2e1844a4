"""How a region's endpoints answer every quick message, each answer judged."""

from __future__ import annotations

from dataclasses import dataclass, field

from console.output import say
from ops.live.region import LiveRegion
from plan.fields import TransportName
from probe.answer_problems import problem_of_id
from probe.customer_settings import Settings
from probe.deployed_stages import deployed_stages
from probe.endpoint_answer import EndpointAnswer
from probe.endpoint_check import Stage
from probe.message_checks import QUICK_CHECKS, MessageCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one endpoint answered one message.

    `problem` is none for a right answer; `advice` is what is not right and nobody demands.
    """

    region: str
    transport: TransportName
    message: str
    id: str
    answer: EndpointAnswer = field(repr=False)
    problem: str | None
    advice: str | None

    @property
    def is_right(self) -> bool:
        """Whether there is nothing to say about the answer."""
        return self.problem is None and self.advice is None


def call_region(live: LiveRegion, entered: Settings) -> list[Verdict]:
    """Send a region's endpoints, one after another, every quick check of what is registered.

    `entered` are settings of a test customer; others are made up from the registration.
    """
    verdicts: list[Verdict] = []
    region = live.plan.region
    for stage in deployed_stages(live.session, live.stack, entered):
        demanded = [check for check in QUICK_CHECKS if not check.waived(stage)]
        checks = [check for check in demanded if stage.endpoint.serves(check.type_on(stage))]
        if len(checks) < len(demanded):
            say(
                f"{region}: no token is stored, so only registration answers by URL"
                "\nNext: firehose token import FILE, once mParticle has sent it"
            )
        verdicts += [verdict(stage, region, check) for check in checks]
    return verdicts


def verdict(stage: Stage, region: str, check: MessageCheck) -> Verdict:
    """Put one check to what is behind a stage."""
    exchange = check.exchange(stage)
    problem, advice = exchange.judgement.problem, exchange.judgement.advice
    if problem and not check.is_demanded:
        problem, advice = None, problem
    elif not problem and not advice and exchange.answer.is_success:
        advice = problem_of_id(exchange.request, exchange.answer)
    return Verdict(
        region=region,
        transport=stage.endpoint.transport,
        message=check.name,
        id=exchange.request["id"],
        answer=exchange.answer,
        problem=problem,
        advice=advice,
    )
