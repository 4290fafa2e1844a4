"""`firehose verify`: call the alias of every region as mParticle would, and judge the answers."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.aws import in_every_region
from ops.deployed import function_arn
from ops.exit_codes import CommandError, ExitCode
from ops.https_endpoint import HttpsEndpoint
from ops.options import DEFAULT_DEPLOYMENT, DeploymentOption, FormatOption, RegionOption, planned
from ops.output import Format, Record, say, write
from ops.probes import Probe, probes
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


def verify(
    deployment: DeploymentOption = DEFAULT_DEPLOYMENT,
    region: RegionOption = None,
    form: FormatOption = Format.TABLE,
    answers: Annotated[
        bool, typer.Option("--answers", help="Show the answers too; whole with --format json.")
    ] = False,
) -> None:
    """Send every request type and both idle requests to what mParticle calls in each region.

    That is the alias ARN, the URL with the stored token, or both. The calls are real and reach the
    integration; the people and ids in them are made up.

    Example: firehose verify --region us-east-1 --answers
    """
    plan = planned(deployment, region)
    say(f"Calling {len(plan)} regions with one message of each type …")
    outcomes = in_every_region(plan, call_endpoint)
    verdicts = [v for _, outcome in outcomes if isinstance(outcome, list) for v in outcome]
    failures = [outcome for _, outcome in outcomes if isinstance(outcome, CommandError)]
    whole = answers and form is Format.JSON
    write([_record(verdict, whole=whole) for verdict in verdicts], form=form)
    if answers and not whole:
        sys.stdout.writelines(_answer_line(verdict) for verdict in verdicts)
    for failure in failures:
        say(str(failure))
    wrong = [verdict for verdict in verdicts if verdict.problem]
    for verdict in wrong:
        say(f"{verdict.region}: {verdict.probe.name}: {verdict.problem}")
    if failures:
        raise typer.Exit(failures[0].exit_code)
    if wrong:
        say("Next: read the function's log for the ids above, mend the integration, deploy again.")
        raise typer.Exit(ExitCode.CHECK_FAILED)
    say(f"All {len(verdicts)} answers are right. Next: firehose handoff")


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


def _post(url: HttpsEndpoint, region: str, probe: Probe) -> Verdict:
    started = time.perf_counter()
    status, answer = url.post(probe)
    milliseconds = (time.perf_counter() - started) * 1000
    problem = (
        probe.problem_of(answer)
        if status == HTTPStatus.OK
        else f"answered {status}: {_shortened(json.dumps(answer))}"
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
    return _shortened(f"{answer.get('errorType')}: {answer.get('errorMessage')}")


def _answer_line(verdict: Verdict) -> str:
    body = json.dumps(verdict.answer, ensure_ascii=False)
    return f"{verdict.region} {verdict.probe.name}:\n  {_shortened(body)}\n"


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _record(verdict: Verdict, *, whole: bool) -> Record:
    answer = verdict.answer if isinstance(verdict.answer, dict) else {}
    record: dict[str, object] = {
        "region": verdict.region,
        "transport": verdict.transport,
        "message": verdict.probe.name,
        "id": verdict.probe.request["id"],
        "answer": answer.get("type"),
        "milliseconds": round(verdict.milliseconds, 1),
        "right": verdict.problem is None,
    }
    return record | ({"body": verdict.answer} if whole else {})
