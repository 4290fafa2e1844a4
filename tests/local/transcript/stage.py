"""Where the transcript is played: a partner's project on an embedded AWS of its own."""

from __future__ import annotations

import json
import os
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3

from local.embedded_aws import embedded_aws
from local.service_calls import always
from local.stand_in import StandIn, stand_in
from plan import names
from plan.target import AWS
from probe.check_requests import request_named
from tests.aws.account_in_front import FakeAccount, fake_account
from tests.local.transcript.terminal import run_on_terminal

ROOT = Path(__file__).parents[3]
NAME = "acme"
REGIONS = ("us-east-1", "eu-central-1", "ap-southeast-2")
LINKED = (
    "app.py",
    "cdk.json",
    "cli.py",
    "cloud",
    "console",
    "lambda_src",
    "local",
    "ops",
    "plan",
    "probe",
    "stacks",
    "workbench",
)
DEPLOYMENT = f"""\
name = "{NAME}"
transports = ["lambda", "https"]

[environment]
PARTNER_API_URL = "{{url}}"
"""
RELEASED = f"""{DEPLOYMENT}\
RELEASE = "2"
"""
BROKEN = f"""{RELEASED}
[regions.eu-central-1.environment]
PARTNER_API_URL = "http://127.0.0.1:9"
"""
LOGO = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 64">
  <path d="M8 56 32 8l24 48H42l-3-7H25l-3 7zm21-17h6l-3-8z" fill="#1f4e8c"/>
  <text x="68" y="45" font-family="sans-serif" font-size="38" fill="#1f4e8c">acme</text>
</svg>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A folder as a partner has it, and the AWS that the commands reach from it."""

    folder: Path
    environment: dict[str, str]
    account: FakeAccount
    partner: StandIn

    def write_deployment(self, text: str = DEPLOYMENT) -> None:
        """Write the partner's choices, with the service that runs on this machine."""
        file = self.folder / names.DEPLOYMENT_FILE
        file.write_text(text.format(url=self.partner.url), encoding="utf-8")

    def run(
        self, command: str, *, on_real_aws: bool, columns: int | None = None
    ) -> tuple[str, int]:
        """Run a command at a shell; give what it wrote, in order, and its exit code."""
        target = {names.TARGET_VARIABLE: AWS.name} if on_real_aws else {}
        if columns:
            return run_on_terminal(
                command,
                folder=self.folder,
                environment={**self.environment, **target},
                columns=columns,
            )
        result = subprocess.run(
            ["bash", "-c", command],
            cwd=self.folder,
            env={**self.environment, **target},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return result.stdout, result.returncode

    def client(self, service: str, region: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service, by its name
            region_name=region,
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def hashes(self) -> list[str]:
        """Give the start of the hash of every code that is live, as commands show it."""
        functions = self.client("lambda", REGIONS[0]).list_functions()["Functions"]
        return sorted({function["CodeSha256"][:12] for function in functions})

    def output(self, region: str, name: str) -> str:
        stack = names.stack_name(NAME, region)
        answer = self.client("cloudformation", region).describe_stacks(StackName=stack)
        outputs = {it["OutputKey"]: it["OutputValue"] for it in answer["Stacks"][0]["Outputs"]}
        return str(outputs[name])

    def grant_more(self) -> None:
        """Let AWS decide: every request is granted, those for functions after a support case."""
        for request in self.account.requests:
            region, desired = request["region"], request["DesiredValue"]
            request["Status"] = "APPROVED"
            if request["ServiceCode"] == "lambda":
                request["CaseId"] = f"17200000000000{REGIONS.index(region)}"
                self.account.concurrency[region] = int(desired)
            else:
                self.account.rates[region] = desired

    def break_release(self) -> None:
        """Let the next release send one region's events to where nobody answers."""
        self.write_deployment(BROKEN)

    def mend_release(self) -> None:
        """Leave the release as it was meant."""
        self.write_deployment(RELEASED)

    def leave_out_a_pod(self) -> None:
        """Take the pod of one region out of the deployment, whose stack then runs on."""
        file = self.folder / names.DEPLOYMENT_FILE
        file.write_text(f'pods = ["US1", "US2", "EU1"]\n{file.read_text("utf-8")}', "utf-8")

    def bury(self) -> None:
        """Put messages that could not be delivered where the worker puts them."""
        region = REGIONS[0]
        reasons = ["InvalidCredentials"] * 3 + ["RejectedMessage"]
        for reason in reasons:
            message = request_named("audience_membership_change_request")
            self.client("sqs", region).send_message(
                QueueUrl=self.output(region, names.DEAD_LETTER_QUEUE_URL_OUTPUT),
                MessageBody=json.dumps(message | {"id": str(uuid.uuid4())}),
                MessageGroupId="1042",
                MessageAttributes={"reason": {"DataType": "String", "StringValue": reason}},
            )

    def rest(self) -> None:
        """Wait until every queue is empty, so that no count depends on the moment."""
        for region in REGIONS:
            sqs, url = self.client("sqs", region), self.output(region, names.QUEUE_URL_OUTPUT)
            deadline = time.monotonic() + 60
            while any(_depths(sqs, url)) and time.monotonic() < deadline:
                time.sleep(0.1)


def _depths(sqs: Any, url: str) -> list[int]:
    answer = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return [int(value) for name, value in answer.items() if name.startswith("ApproximateNumber")]


@contextmanager
def stage() -> Iterator[Stage]:
    """Set it up for the length of a block."""
    with (
        TemporaryDirectory(prefix="transcript-") as scratch,
        embedded_aws() as aws,
        fake_account(aws.url) as account,
        stand_in(always("ok")) as partner,
    ):
        folder = Path(scratch)
        for name in LINKED:
            (folder / name).symlink_to(ROOT / name)
        (folder / "logo.svg").write_text(LOGO, encoding="utf-8")
        (folder / "token.txt").write_text("a-token-of-mparticles\n", encoding="utf-8")
        environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("FIREHOSE_")},
            **aws.environment(),
            **account.environment(),
            "PYTHONUNBUFFERED": "1",  # what is written to two streams stays in its order
        }
        here = Stage(folder=folder, environment=environment, account=account, partner=partner)
        here.write_deployment()
        yield here
