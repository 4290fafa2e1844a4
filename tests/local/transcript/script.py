"""What is played: every command of a partner's first week, and what happens in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.local.transcript.stage import Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command as it is typed, with the words before it.

    `meanwhile` happens before it, out of sight; `on_real_aws` runs it as if this were AWS itself;
    `quiet` shows no output, because it is another program's. With `columns` it runs on a terminal
    of that width.
    """

    command: str
    words: str = ""
    exit_code: int = 0
    meanwhile: Callable[[Stage], None] | None = None
    on_real_aws: bool = False
    quiet: bool = False
    columns: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and the steps below it."""

    heading: str
    steps: Sequence[Step]
    shows_handoff: bool = False


SCRIPT = (
    Part(
        "Before a deployment",
        (
            Step(
                words="A name, both transports, and where the partner's own API is.",
                command="cat deployment.toml",
            ),
            Step(command="firehose plan"),
            Step(
                words="The account is fresh: not bootstrapped, and AWS allows 10 executions.",
                command="firehose preflight --region us-east-1",
                exit_code=1,
                on_real_aws=True,
            ),
            Step(command="firehose quota request", on_real_aws=True),
            Step(
                words="Hours later AWS has granted them.",
                meanwhile=Stage.grant_more,
                command="firehose quota status",
                on_real_aws=True,
            ),
            Step(
                command="cdk bootstrap aws://000000000000/us-east-1"
                " aws://000000000000/eu-central-1 aws://000000000000/ap-southeast-2",
                quiet=True,
            ),
            Step(
                words="Now every region is ready.", command="firehose preflight", on_real_aws=True
            ),
        ),
    ),
    Part(
        "Deploying",
        (
            Step(command="firehose deploy"),
            Step(
                words="mParticle has sent a token for the URLs.",
                command="firehose token store < token.txt",
            ),
        ),
    ),
    Part(
        "Proving it",
        (
            Step(command="firehose verify --region us-east-1"),
            Step(
                words="How much memory the integration needs is measured on your own account.",
                command="firehose tune --memory 512 --memory 1024 --dry-run",
            ),
            Step(
                words="Ten calls prove nothing about answer times, and this AWS is no measure of"
                " them; on your own account take at least 299 calls.",
                command="firehose verify --latency --rate 5 --seconds 2 > verified.txt",
                exit_code=1,
            ),
        ),
    ),
    Part(
        "Handing over",
        (
            Step(command="firehose registration > registration.json"),
            Step(
                words="A folder with gaps in its proof is not written,",
                command="firehose handoff --folder build/handoff --logo logo.svg",
                exit_code=1,
            ),
            Step(
                words="unless it is asked for, and then it says so on its first line.",
                command="firehose handoff --folder build/handoff --logo logo.svg --unproven",
            ),
        ),
        shows_handoff=True,
    ),
    Part(
        "Every day",
        (
            Step(
                words="On a terminal of 80 columns, a row a region.",
                command="firehose status",
                meanwhile=Stage.rest,
                columns=80,
            ),
            Step(
                words="On one of 120, a row a function.",
                command="firehose status --wide --region us-east-1",
                columns=120,
            ),
            Step(command="firehose drift"),
            Step(
                words="Some messages could not be delivered.",
                meanwhile=Stage.bury,
                command="firehose redrive --dry-run",
            ),
            Step(
                words="The customer has mended the credentials.",
                command="firehose redrive --reason InvalidCredentials --rate 20",
            ),
            Step(meanwhile=Stage.rest, command="firehose status --region us-east-1", exit_code=1),
            Step(
                words="A release is compared with what runs; here only a variable changes.",
                meanwhile=Stage.mend_release,
                command="firehose deploy --dry-run --region eu-central-1",
                columns=120,
            ),
            Step(
                words="Then a release that fails: in one region nobody answers at its URL."
                " Every region goes back to the version before.",
                meanwhile=Stage.break_release,
                command="firehose deploy",
                exit_code=1,
            ),
            Step(
                # one region: lines of several come in the order of their clocks
                command="firehose logs --region eu-central-1 --since 30m",
                meanwhile=Stage.mend_release,
            ),
            Step(
                words="Mended, the same release goes out. Where nothing changed since it failed,"
                " CloudFormation does nothing, and the aliases are moved forward all the same.",
                command="firehose deploy",
            ),
            Step(
                words="It was wrong after all: every region goes back, and the worker with it.",
                command="firehose rollback --to 1",
            ),
            Step(
                words="Until code is deployed that works, each region says what it serves.",
                meanwhile=Stage.rest,
                command="firehose status",
                exit_code=1,
            ),
            Step(
                words="Who asked for it is in CloudTrail's record, which the embedded AWS lacks.",
                command="firehose status --history --region eu-central-1",
            ),
            Step(
                words="A pod is taken out of `deployment.toml`. Its region's stack runs on, and is"
                " found.",
                meanwhile=Stage.leave_out_a_pod,
                command="firehose status --html wall.html > status.txt",
                exit_code=1,
            ),
        ),
    ),
    Part(
        "The end",
        (
            Step(command="firehose destroy --dry-run"),
            Step(
                words="What waits would be lost: a message that was rejected, and those whose"
                " delivery the failed release keeps trying.",
                command="firehose destroy --confirm acme",
                exit_code=1,
            ),
            Step(command="firehose destroy --confirm acme --lose-messages"),
            Step(command="firehose status", exit_code=4),
        ),
    ),
)
