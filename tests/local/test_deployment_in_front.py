"""What an embedded AWS gets: the partner's deployment, in front of a service on this machine."""

from __future__ import annotations

import tomllib

from local.deployment_in_front import in_front_of, in_front_of_each
from plan.deployment import Deployment

URL = "http://127.0.0.1:4000"


DEPLOYMENT = """
name = "globex"  # mine
pods = ["US1", "EU1"]
transports = ["https"]
[code]
integration = "globex:Globex"
[environment]
API = "https://api.globex.example/v1"
MODE = "fast"
[regions.eu-central-1.environment]
API = "https://eu.api.globex.example/v1"
[regions.eu-central-1.domain]
name = "firehose.globex.example"
certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
"""


def read(text: str) -> Deployment:
    return Deployment.model_validate(tomllib.loads(text))


def test_urls_lead_to_the_service_in_every_region_and_the_rest_stays() -> None:
    deployment = read(in_front_of(URL, DEPLOYMENT))

    assert (deployment.name, deployment.code.integration) == ("globex", "globex:Globex")
    assert deployment.transports == ("https",)
    assert deployment.environment == {"API": f"{URL}/v1", "MODE": "fast"}
    region = deployment.regions["eu-central-1"]
    assert (region.environment, region.domain) == ({"API": f"{URL}/v1"}, None)


def test_each_region_has_a_service_of_its_own_and_every_transport() -> None:
    environments = {region: {"API": f"{URL}/{region}"} for region in ("us-east-1", "eu-central-1")}

    deployment = read(in_front_of_each(environments, DEPLOYMENT))

    assert deployment.transports == ("lambda", "https")
    assert {name: (it.environment, it.domain) for name, it in deployment.regions.items()} == {
        name: (environment, None) for name, environment in environments.items()
    }


def test_another_artifact_stays_on_its_one_transport() -> None:
    text = in_front_of_each({}, 'name = "globex"\n[code]\npath = "acme.jar"\n')

    assert "transports" not in tomllib.loads(text)
