"""URLs of a moment: a token secret in two regions, and the real front door that reads it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import count

from endpoint.aws import AwsClient
from endpoint.front_door import FrontDoor
from endpoint.tokens import RELOAD_SECONDS, SECRETS_MANAGER, Tokens
from local.loopback_server import LoopbackHandler, LoopbackServer
from plan.names import ENDPOINT_URL_OUTPUT, TOKEN_SECRET_OUTPUT
from tests.endpoint.taker import Taker
from tests.local.small_stack import REGIONS, client, create_stack, output

CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@dataclass(slots=True)
class Urls:
    """The secrets of a deployment, by region, past every command."""

    name: str
    environment: Mapping[str, str]
    secrets: dict[str, str] = field(default_factory=dict)

    def stored(self, region: str, stage: str = "AWSCURRENT") -> str | None:
        secrets = client(self.environment, "secretsmanager", region)
        try:
            found = secrets.get_secret_value(SecretId=self.secrets[region], VersionStage=stage)
        except secrets.exceptions.ResourceNotFoundException:
            return None
        return str(found["SecretString"])


@contextmanager
def urls_of(name: str, environment: Mapping[str, str]) -> Iterator[Urls]:
    """Create the stacks of a deployment over HTTPS, and answer at its URLs for a block's length."""
    urls = Urls(name=name, environment=environment)
    with ExitStack() as stack:
        for region in REGIONS:
            aws = AwsClient(SECRETS_MANAGER, {**environment, **CREDENTIALS, "AWS_REGION": region})
            stack.callback(aws.close)
            server = stack.enter_context(LoopbackServer(_handler(urls, region, aws)).running())
            template = {
                "Resources": {"Token": {"Type": "AWS::SecretsManager::Secret"}},
                "Outputs": {
                    ENDPOINT_URL_OUTPUT: {"Value": server.url},
                    TOKEN_SECRET_OUTPUT: {"Value": {"Ref": "Token"}},
                },
            }
            create_stack(environment, name, region, template)
            urls.secrets[region] = output(environment, name, region, TOKEN_SECRET_OUTPUT)
        yield urls


def _handler(urls: Urls, region: str, aws: AwsClient) -> type[LoopbackHandler]:
    @cache  # once per process, when it is first called
    def door() -> FrontDoor:
        # a clock that runs a minute between looks: a process may always ask for newer tokens
        minutes = count()
        tokens = Tokens(
            aws,
            urls.secrets[region],
            clock=lambda: next(minutes) * RELOAD_SECONDS,
        )
        tokens.load()
        return FrontDoor(Taker(), acceptance=None, tokens=tokens)

    class Handler(LoopbackHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            answer = door().answer(
                {
                    "routeKey": f"POST {self.path}",
                    "headers": {key.lower(): value for key, value in self.headers.items()},
                    "body": self.rfile.read(length).decode(),
                    "isBase64Encoded": False,
                }
            )
            self.send(int(answer["statusCode"]), {}, answer["body"].encode())

    return Handler
