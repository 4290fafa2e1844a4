"""What an embedded AWS gets: the partner's deployment, in front of a service on this machine."""

from __future__ import annotations

import tomllib

from local.deployment_in_front import in_front_of
from plan.deployment import Deployment

URL = "http://127.0.0.1:4000"


def test_urls_lead_to_the_service_in_every_region_and_the_rest_stays() -> None:
    text = in_front_of(
        URL,
        """
        name = "globex"  # mine
        pods = ["EU1"]
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
        """,
        every_transport=True,
    )

    deployment = Deployment.model_validate(tomllib.loads(text))
    assert (deployment.name, deployment.code.integration) == ("globex", "globex:Globex")
    assert deployment.transports == ("lambda", "https")
    assert deployment.environment == {"API": f"{URL}/v1", "MODE": "fast"}
    region = deployment.regions["eu-central-1"]
    assert (region.environment, region.domain) == ({"API": f"{URL}/v1"}, None)


def test_another_artifact_stays_on_its_one_transport() -> None:
    text = in_front_of(URL, 'name = "globex"\n[code]\npath = "acme.jar"\n', every_transport=True)

    assert "transports" not in tomllib.loads(text)


def test_contract_posts_to_no_custom_domain_and_keeps_the_transports() -> None:
    text = in_front_of(
        URL,
        """
        name = "globex"
        transports = ["https"]
        pods = ["EU1"]
        [regions.eu-central-1.domain]
        name = "firehose.globex.example"
        certificate_arn = "arn:aws:acm:eu-central-1:111122223333:certificate/1"
        """,
    )

    deployment = Deployment.model_validate(tomllib.loads(text))
    assert deployment.transports == ("https",)
    assert deployment.regions["eu-central-1"].domain is None
