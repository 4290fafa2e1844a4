"""The contract, proven by calling: one message of each type as mParticle sends it, judged."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from ops.console.output import say
from ops.deployed.outputs import function_arn
from ops.proof.https_endpoint import HttpsEndpoint
from ops.proof.probes import Probe, probe_named, probes
from plan.fields import TransportName
from plan.regions import RegionPlan

if TYPE_CHECKING:
    from boto3.session import Session
    from mypy_boto3_lambda import LambdaClient

_SHOWN = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one endpoint answered one probe; `problem` is none for a right answer."""

    region: str
    transport: TransportName
    probe: Probe
    milliseconds: float
    answer: Any
    problem: str | None


def call_endpoint(session: Session, plan: RegionPlan) -> list[Verdict]:
    """Send every probe to one region's endpoint, over each transport, one after another."""
    verdicts: list[Verdict] = []
    if "lambda" in plan.transports:
        arn = function_arn(session, plan)
        lambda_ = session.client("lambda")
        verdicts += [_invoke(lambda_, arn, plan.region, probe) for probe in probes()]
    if plan.https:
        url = HttpsEndpoint.of(session, plan)
        if not url.token:
            say(
                f"{plan.region}: no token is stored, so only registration answers at {url.given}"
                "\nNext: firehose token, once mParticle has sent it"
            )
        verdicts += [_post(url, plan.region, probe) for probe in probes() if url.serves(probe)]
    return verdicts


def registration_answer(session: Session, plan: RegionPlan) -> Any:
    """Ask a region's endpoint what it is, over its first transport."""
    probe = probe_named("module_registration_request")
    if plan.transports[0] == "lambda":
        arn = function_arn(session, plan)
        return _invoke(session.client("lambda"), arn, plan.region, probe).answer
    return _post(HttpsEndpoint.of(session, plan), plan.region, probe).answer


def _post(url: HttpsEndpoint, region: str, probe: Probe) -> Verdict:
    started = time.perf_counter()
    status, answer = url.post(probe)
    milliseconds = (time.perf_counter() - started) * 1000
    problem = (
        probe.problem_of(answer)
        if status == HTTPStatus.OK
        else f"answered {status}: {shortened(json.dumps(answer))}"
    )
    return Verdict(
        region=region,
        transport="https",
        probe=probe,
        milliseconds=milliseconds,
        answer=answer,
        problem=problem,
    )


def _invoke(lambda_: LambdaClient, arn: str, region: str, probe: Probe) -> Verdict:
    payload = json.dumps(probe.request).encode()
    started = time.perf_counter()
    response = lambda_.invoke(FunctionName=arn, Payload=payload)
    body = response["Payload"].read()
    milliseconds = (time.perf_counter() - started) * 1000
    try:
        answer = json.loads(body)
    except ValueError:
        answer = None
    problem = (
        f"the function failed: {_error_text(answer)}"
        if response.get("FunctionError")
        else probe.problem_of(answer)
    )
    return Verdict(
        region=region,
        transport="lambda",
        probe=probe,
        milliseconds=milliseconds,
        answer=answer,
        problem=problem,
    )


def _error_text(answer: object) -> str:
    if not isinstance(answer, dict):
        return "without an error"
    return shortened(f"{answer.get('errorType')}: {answer.get('errorMessage')}")


def shortened(text: str) -> str:
    """Cut a text to what fits a line or two."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
