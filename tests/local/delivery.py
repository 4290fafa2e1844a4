"""Both transports and everything queued, in three regions of the embedded AWS."""

from __future__ import annotations

import json
import os
import tempfile
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3

from local.embedded_aws import embedded_aws
from local.service_calls import always
from local.stand_in import StandIn, stand_in
from plan import names
from tests.local.cloud import REGIONS, Cloud

TOKEN = "sesame-1"
WORKER_SECONDS = 5
DEPLOYMENT = """
name = "acme"
transports = ["lambda", "https"]
[processing]
events = "queued"
[worker]
timeout_seconds = {seconds}
reserved_concurrency = "unreserved"
maximum_concurrency = 2
[https]
prefix = "/firehose"
[environment]
PARTNER_API_URL = "{url}"
"""
_MESSAGES = Path(__file__).parents[2] / "probe" / "messages"


@dataclass
class Delivery:
    """A deployment, the partner's service behind it, and mParticle in front of it."""

    cloud: Cloud
    partner: StandIn
    group: int
    _outputs: dict[str, dict[str, str]] = field(default_factory=dict)

    def client(self, service: str, region: str) -> Any:
        return boto3.client(
            service,  # type: ignore[call-overload]  # any service, by its name
            region_name=region,
            endpoint_url=self.cloud.environment["AWS_ENDPOINT_URL"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def output(self, region: str, name: str) -> str:
        if region not in self._outputs:
            cloudformation = self.client("cloudformation", region)
            stack = cloudformation.describe_stacks(StackName=f"acme-firehose-{region}")["Stacks"][0]
            self._outputs[region] = {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}
        return self._outputs[region][name]

    def invoke(self, region: str, message: dict[str, Any]) -> dict[str, Any]:
        """Call the alias; give its answer, which for a function error is the error."""
        answer = self.client("lambda", region).invoke(
            FunctionName=self.output(region, names.FUNCTION_ARN_OUTPUT),
            Payload=json.dumps(message).encode(),
        )
        content: dict[str, Any] = json.loads(answer["Payload"].read())
        return content

    def post(
        self,
        region: str,
        path: str,
        body: bytes | None,
        *,
        method: str = "POST",
        token: str | None = TOKEN,
        **headers: str,
    ) -> tuple[int, dict[str, Any], dict[str, str]]:
        """Call the URL; give status, parsed body and headers."""
        api = urlsplit(self.output(region, names.ENDPOINT_URL_OUTPUT)).netloc.partition(".")[0]
        aws = urlsplit(self.cloud.environment["AWS_ENDPOINT_URL"])
        sent = {"Content-Type": "application/json"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        if token is not None:
            sent.setdefault("Authorization", f"Token {token}")
        connection = HTTPConnection(aws.netloc, timeout=60)
        try:
            url = f"/_aws/execute-api/{api}/$default/firehose/{path}"
            connection.request(method, url, body, sent)
            response = connection.getresponse()
            return response.status, json.loads(response.read()), dict(response.getheaders())
        finally:
            connection.close()

    def dead_letters(self, region: str) -> dict[str, str]:
        """Take every dead letter out; give the reason of each by the message's id."""
        return {
            _id_of(message["Body"]): message["MessageAttributes"]["reason"]["StringValue"]
            for message in self._taken(region)
        }

    def _taken(self, region: str) -> Iterator[dict[str, Any]]:
        sqs = self.client("sqs", region)
        url = self.output(region, names.DEAD_LETTER_QUEUE_URL_OUTPUT)
        while messages := sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in messages:
                yield message
                sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    def processes(self, function: str) -> list[int]:
        """Find the processes in which the embedded AWS runs a function."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                command = (folder / "cmdline").read_bytes().decode(errors="replace")
                if f"ministack-lambda-{function}-" in command and (
                    os.getpgid(int(folder.name)) == self.group
                ):
                    found.append(int(folder.name))
            except OSError:  # it has ended
                continue
        return found


def store_token(delivery: Delivery, region: str, token: str) -> None:
    delivery.client("secretsmanager", region).put_secret_value(
        SecretId=delivery.output(region, names.TOKEN_SECRET_OUTPUT), SecretString=token
    )


@contextmanager
def deployed() -> Iterator[Delivery]:
    """Deploy for the length of a block; the partner's service takes everything."""
    with (
        tempfile.TemporaryDirectory() as scratch,
        stand_in(always("ok")) as partner,
        embedded_aws() as aws,
    ):
        file = Path(scratch) / "deployment.toml"
        file.write_text(DEPLOYMENT.format(seconds=WORKER_SECONDS, url=partner.url))
        environment = {**os.environ, **aws.environment(), "FIREHOSE_DEPLOYMENT": str(file)}
        assembly = Path(scratch) / "cdk.out"
        assembly.mkdir()
        cloud = Cloud(environment=environment, assembly=assembly)
        cloud.deploy()
        delivery = Delivery(cloud=cloud, partner=partner, group=aws.group)
        everywhere(lambda region: store_token(delivery, region, TOKEN))
        yield delivery


def fresh(name: str) -> dict[str, Any]:
    """Make a message of its own."""
    message: dict[str, Any] = json.loads((_MESSAGES / f"{name}.json").read_text(encoding="utf-8"))
    return message | {"id": str(uuid.uuid4())}


def everywhere(work: Callable[[str], object]) -> None:
    """Do something in every region at once."""
    with ThreadPoolExecutor(len(REGIONS)) as pool:
        list(pool.map(work, REGIONS))


def _id_of(body: str) -> str:
    try:
        return str(json.loads(body)["id"])
    except (ValueError, KeyError, TypeError):
        return body
