"""The HTTP API: four paths, one function behind them, throttled, logged without what was sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.stacks.variants import Template, Variants, resources


def the(template: Template, kind: str) -> tuple[str, dict[str, Any]]:
    """Give the only resource of a type: its logical id and properties."""
    ((logical_id, resource),) = resources(template, kind).items()
    return logical_id, resource.get("Properties", {})


def routes(template: Template) -> list[str]:
    found = resources(template, "AWS::ApiGatewayV2::Route").values()
    return [route["Properties"]["RouteKey"] for route in found]


def test_each_family_has_its_path(variants: Variants) -> None:
    assert routes(variants.template("https")) == [
        "POST /registration",
        "POST /events",
        "POST /audiences",
        "POST /dsr",
    ]


def test_prefix_comes_before_every_path_and_ends_the_url(variants: Variants) -> None:
    template = variants.template("both", "us-east-1")
    api, _ = the(template, "AWS::ApiGatewayV2::Api")

    assert all(route.startswith("POST /firehose/v1/") for route in routes(template))
    assert template["Outputs"]["EndpointUrl"]["Value"] == {
        "Fn::Join": ["", [{"Fn::GetAtt": [api, "ApiEndpoint"]}, "/firehose/v1"]]
    }


@pytest.mark.parametrize("region", ["us-east-1", "eu-central-1", "ap-southeast-2"])
def test_api_keeps_its_url_because_its_logical_id_is_frozen(
    variants: Variants, region: str
) -> None:
    # Changing it replaces the API, and with it the URL that partners have given to mParticle.
    api, properties = the(variants.template("https", region), "AWS::ApiGatewayV2::Api")

    assert api == "HttpsApi8189ED25"
    assert properties["ProtocolType"] == "HTTP"


def test_every_path_is_throttled_as_planned(variants: Variants) -> None:
    def throttle(variant: str) -> tuple[int, int]:
        _, stage = the(variants.template(variant), "AWS::ApiGatewayV2::Stage")
        settings = stage["DefaultRouteSettings"]
        return settings["ThrottlingRateLimit"], settings["ThrottlingBurstLimit"]

    assert throttle("https") == (10_000, 5_000)
    assert throttle("both") == (3_000, 1_000)


def test_access_log_has_no_header_no_body_and_no_address(variants: Variants) -> None:
    template = variants.template("https")
    _, stage = the(template, "AWS::ApiGatewayV2::Stage")
    log = stage["AccessLogSettings"]

    # API Gateway keeps the ARN without CloudFormation's ":*", which would be drift for ever
    *_, kind, group = log["DestinationArn"]["Fn::Join"][1]
    assert kind == ":log-group:"
    assert group["Ref"] in resources(template, "AWS::Logs::LogGroup")
    logged = json.loads(log["Format"])
    assert logged["status"] == "$context.status"
    assert not [
        variable
        for variable in logged.values()
        if any(word in variable for word in ("header", "body", "identity", "authorizer", "path"))
    ]


@pytest.mark.parametrize("message", ["-", "Too Many Requests"])
def test_line_of_the_access_log_is_json_whatever_the_error(
    variants: Variants, message: str
) -> None:
    _, stage = the(variants.template("https"), "AWS::ApiGatewayV2::Stage")
    quoted = message if message == "-" else f'"{message}"'
    line = stage["AccessLogSettings"]["Format"].replace("$context.error.messageString", quoted)

    assert json.loads(line.replace("$context.error.message", message))["error"] == message


def test_registration_is_throttled_on_its_own_because_it_is_open(variants: Variants) -> None:
    template = variants.template("both", "us-east-1")
    (stage,) = resources(template, "AWS::ApiGatewayV2::Stage").values()

    assert stage["Properties"]["RouteSettings"] == {
        "POST /firehose/v1/registration": {"ThrottlingRateLimit": 10, "ThrottlingBurstLimit": 10}
    }
    needed = [template["Resources"][it]["Properties"].get("RouteKey") for it in stage["DependsOn"]]
    assert "POST /firehose/v1/registration" in needed


def test_api_has_one_name_only(variants: Variants) -> None:
    _, with_domain = the(variants.template("both"), "AWS::ApiGatewayV2::Api")
    _, without = the(variants.template("both", "us-east-1"), "AWS::ApiGatewayV2::Api")

    assert with_domain["DisableExecuteApiEndpoint"] is True
    assert "DisableExecuteApiEndpoint" not in without


def test_api_calls_the_alias_of_its_own_function(variants: Variants) -> None:
    template = variants.template("https")
    alias, _ = the(template, "AWS::Lambda::Alias")
    _, function = the(template, "AWS::Lambda::Function")
    _, integration = the(template, "AWS::ApiGatewayV2::Integration")

    assert integration["IntegrationUri"] == {"Ref": alias}
    assert integration["PayloadFormatVersion"] == "2.0"
    assert function["Handler"] == "endpoint.https.handler"
    assert "FunctionName" not in function
    for permission in resources(template, "AWS::Lambda::Permission").values():
        assert permission["Properties"]["Principal"] == "apigateway.amazonaws.com"
        assert permission["Properties"]["FunctionName"] == {"Ref": alias}


def test_token_secret_is_empty_encrypted_and_read_by_the_function_alone(
    variants: Variants,
) -> None:
    template = variants.template("https")
    secret_id, secret = the(template, "AWS::SecretsManager::Secret")
    _, function = the(template, "AWS::Lambda::Function")
    key = secret["KmsKeyId"]["Fn::GetAtt"][0]

    assert not {"SecretString", "GenerateSecretString"} & set(secret)
    assert resources(template, "AWS::KMS::Key")[key]["Properties"]["EnableKeyRotation"] is True
    assert function["Environment"]["Variables"] == {
        "FIREHOSE_INTEGRATION": "acme:Acme",
        "FIREHOSE_LOG_SAMPLE": "0.01",
        "FIREHOSE_TOKEN_SECRET": {"Ref": secret_id},
    }
    readers = [
        policy["Properties"]["Roles"]
        for policy in resources(template, "AWS::IAM::Policy").values()
        if {"Ref": secret_id}
        in [s["Resource"] for s in policy["Properties"]["PolicyDocument"]["Statement"]]
    ]
    assert readers == [[{"Ref": function["Role"]["Fn::GetAtt"][0]}]]
    assert template["Outputs"]["TokenSecretArn"]["Value"] == {"Ref": secret_id}


def test_https_alone_lets_no_account_invoke_and_has_no_arn_to_hand_over(
    variants: Variants,
) -> None:
    template = variants.template("https")

    assert "FunctionArn" not in template["Outputs"]
    assert not [
        permission
        for permission in resources(template, "AWS::Lambda::Permission").values()
        if permission["Properties"]["Principal"].isdigit()
    ]


def test_both_transports_share_the_queue_and_have_alarms_of_their_own(variants: Variants) -> None:
    template = variants.template("both")
    handlers = {
        function["Properties"]["Handler"]: function["Properties"]["Environment"]["Variables"]
        for function in resources(template, "AWS::Lambda::Function").values()
    }

    assert set(handlers) == {
        "endpoint.direct.handler",
        "endpoint.https.handler",
        "endpoint.worker.handler",
    }
    urls = {json.dumps(variables["FIREHOSE_QUEUE_URL"]) for variables in handlers.values()}
    assert len(urls) == 1
    alarms = resources(template, "AWS::CloudWatch::Alarm")
    for endpoint in ("Endpoint", "Https"):
        assert any(alarm.startswith(f"Alarms{endpoint}Throttles") for alarm in alarms)


def test_domain_of_a_region_is_the_url_and_names_what_its_record_points_to(
    variants: Variants,
) -> None:
    template = variants.template("both", "eu-central-1")
    _, domain = the(template, "AWS::ApiGatewayV2::DomainName")
    the(template, "AWS::ApiGatewayV2::ApiMapping")

    assert domain["DomainName"] == "firehose-eu.acme.example"
    (configuration,) = domain["DomainNameConfigurations"]
    assert configuration["CertificateArn"].startswith("arn:aws:acm:eu-central-1:")
    outputs = template["Outputs"]
    assert outputs["EndpointUrl"]["Value"] == "https://firehose-eu.acme.example/firehose/v1"
    assert "EndpointDomainTarget" in outputs
    assert "EndpointDomainTarget" not in variants.template("both", "us-east-1")["Outputs"]
