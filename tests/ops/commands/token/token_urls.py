"""The URLs of two regions: they take the tokens that are stored, as endpoints do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from local.service_calls import Behaviour, ReceivedCall
from local.stand_in import stand_in
from plan.names import ENDPOINT_URL_OUTPUT, TOKEN_SECRET_OUTPUT
from plan.region_plan import RegionPlan
from tests.aws.cloud import FakeCloud

SECRET = "secret-of-the-url"
FIRST, SECOND, THIRD = "canary-token-1", "canary-token-2", "canary-token-3"


def _nothing() -> None:
    pass


@dataclass(slots=True)
class TokenUrls:
    """The URL of each region, and its secret.

    `refuse`, `take_any` and `are_mute` name regions whose URL refuses these tokens, takes every
    one, or does not answer a registration; `when_asked` is called before each answer.
    """

    cloud: FakeCloud
    refuse: dict[str, str] = field(default_factory=dict)
    take_any: set[str] = field(default_factory=set)
    are_mute: set[str] = field(default_factory=set)
    when_asked: Callable[[], None] = _nothing
    asked: list[str] = field(default_factory=list)

    def store(self, region: str, *tokens: str) -> None:
        """Store tokens one after the other."""
        for token in tokens:
            self.cloud.session(region).secrets.put_secret_value(SecretId=SECRET, SecretString=token)

    def stored(self, region: str) -> list[str]:
        """Give the current token and then the one before, as far as there are any."""
        secrets = self.cloud.session(region).secrets
        labels = secrets.labels[SECRET]
        return [
            secrets.versions[labels[it]]["SecretString"]
            for it in ("AWSCURRENT", "AWSPREVIOUS")
            if it in labels
        ]

    def answer(self, call: ReceivedCall) -> Behaviour:
        """Answer a call to `/REGION/PATH`."""
        self.when_asked()
        _, region, path = call.path.split("/")
        self.asked.append(call.path)
        if path == "registration":
            return _registered(call) if region not in self.are_mute else Behaviour(status=500)
        token = call.headers.get("authorization", "").removeprefix("Token ")
        known = token in self.stored(region) and token != self.refuse.get(region)
        return Behaviour(status=200 if known or region in self.take_any else 401)


@contextmanager
def token_urls(cloud: FakeCloud, plans: Sequence[RegionPlan]) -> Iterator[TokenUrls]:
    """Give every region a URL and an empty secret for the length of a block."""
    urls = TokenUrls(cloud)
    with stand_in(urls.answer) as service:
        for plan in plans:
            cloud.deploy(plan)
            session = cloud.session(plan.region)
            session.secrets.labels[SECRET] = {}
            session.stacks.outputs = {
                ENDPOINT_URL_OUTPUT: f"{service.url}/{plan.region}",
                TOKEN_SECRET_OUTPUT: SECRET,
            }
        yield urls


def _registered(call: ReceivedCall) -> Behaviour:
    answer = {
        "type": "module_registration_response",
        "name": "Acme",
        "version": "1",
        "id": json.loads(call.body)["id"],
    }
    return Behaviour(body=json.dumps(answer).encode())
