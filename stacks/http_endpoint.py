"""The HTTPS endpoint: an HTTP API in front of the function that checks mParticle's token."""

from __future__ import annotations

import json
from typing import cast

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_kms as kms
from aws_cdk import aws_logs as logs
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct
from msgspec.structs import replace

from endpoint.http_request import MESSAGE_TYPES, OPEN_PATH
from endpoint.settings import Settings
from plan.https import REGISTRATIONS_PER_SECOND
from plan.region_plan import HttpsPlan
from stacks.nag import acknowledge
from stacks.packaged_function import ENDPOINT_DESCRIPTION, RETENTION, PackagedFunction

_ACCESS_LOG = {
    "requestId": "$context.requestId",
    "time": "$context.requestTime",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latencyMs": "$context.responseLatency",
    "bytes": "$context.responseLength",
    # not messageString, which comes with quotes of its own: docs.aws.amazon.com/apigateway/latest/
    # developerguide/http-api-logging-variables.html
    "error": "$context.error.message",
    "integrationStatus": "$context.integrationStatus",
}
"""Nothing that a caller chooses but the route: no header, no body, no address."""


class HttpEndpoint(Construct):
    """API, function behind it, token secret and, if planned, a domain.

    `settings` is the contract of the function but for the secret and the budget. Exposes
    `function`, `secret`, `api`, `access_log`, `url` and `domain_target`, to which the
    domain's DNS record points.
    """

    def __init__(
        self, scope: Construct, construct_id: str, *, plan: HttpsPlan, settings: Settings
    ) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RemovalPolicy.DESTROY)
        # The L2 construct would put a random value in; without one, nobody is let in and the log
        # can say why.
        self.secret = secretsmanager.CfnSecret(
            self,
            "Token",
            description="Token with which mParticle calls the endpoint; store it when it arrives",
            kms_key_id=key.key_arn,
        )
        acknowledge(
            self.secret,
            finding="AwsSolutions-SMG4",
            reason="mParticle issues the token and sends it by e-mail; nothing of ours can rotate.",
        )
        self.function = PackagedFunction(
            self,
            "Function",
            plan=plan.function,
            description=ENDPOINT_DESCRIPTION,
            environment=replace(
                settings, token_secret=self.secret.ref, overflow_ms=plan.overflow_ms
            ).to_environment(),
        )
        token = secretsmanager.Secret.from_secret_attributes(
            self, "StoredToken", secret_complete_arn=self.secret.ref, encryption_key=key
        )
        token.grant_read(self.function.role)
        self.api = apigateway.HttpApi(
            self,
            "Api",
            create_default_stage=False,
            # one name, one way in: docs.aws.amazon.com/apigateway/latest/developerguide/
            # http-api-disable-default-endpoint.html
            disable_execute_api_endpoint=True if plan.domain else None,
        )
        routes = self._add_routes(plan)
        stage = self._add_stage(plan, routes[OPEN_PATH])
        self.domain_target: str | None = None
        if plan.domain:
            domain = apigateway.DomainName(
                self,
                "Domain",
                domain_name=plan.domain.name,
                certificate=acm.Certificate.from_certificate_arn(
                    self, "Certificate", plan.domain.certificate_arn
                ),
            )
            apigateway.ApiMapping(self, "Mapping", api=self.api, domain_name=domain, stage=stage)
            self.domain_target = domain.regional_domain_name
            host = f"https://{plan.domain.name}"
        else:
            host = self.api.api_endpoint
        self.url = f"{host}{plan.prefix}"

    def _add_routes(self, plan: HttpsPlan) -> dict[str, apigateway.HttpRoute]:
        routes = {}
        integration = integrations.HttpLambdaIntegration("Integration", self.function.alias)
        for path in MESSAGE_TYPES:
            (route,) = self.api.add_routes(
                path=f"{plan.prefix}/{path}",
                methods=[apigateway.HttpMethod.POST],
                integration=integration,
            )
            routes[path] = route
            acknowledge(
                route,
                finding="AwsSolutions-APIG4",
                reason="mParticle demands that registration answers without authentication; the"
                " other paths' token is checked by the function, because an authorizer would be a"
                " second one in a budget of 100 ms.",
            )
        return routes

    def _add_stage(self, plan: HttpsPlan, open_route: apigateway.HttpRoute) -> apigateway.HttpStage:
        self.access_log = logs.LogGroup(
            self,
            "AccessLog",
            retention=RETENTION[plan.function.log_retention_days],
            removal_policy=RemovalPolicy.DESTROY,
        )
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=self.api,
            stage_name="$default",
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(
                rate_limit=plan.requests_per_second, burst_limit=plan.burst
            ),
        )
        # `HttpStage` takes these as a TypeScript interface only, which Python cannot pass plainly.
        resource = cast("apigateway.CfnStage", stage.node.default_child)
        resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=self._access_log_arn(), format=json.dumps(_ACCESS_LOG)
        )
        # What is open to anybody is throttled, so that it takes no room from the other routes.
        resource.route_settings = {
            f"POST {plan.prefix}/{OPEN_PATH}": {
                "ThrottlingRateLimit": REGISTRATIONS_PER_SECOND,
                "ThrottlingBurstLimit": REGISTRATIONS_PER_SECOND,
            }
        }
        # API Gateway refuses settings of a route that does not exist yet.
        stage.node.add_dependency(open_route)
        return stage

    def _access_log_arn(self) -> str:
        """Write the ARN without the `:*` of CloudFormation's, which API Gateway drops.

        With it, drift detection finds a difference for ever:
        docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html.
        """
        return Stack.of(self).format_arn(
            service="logs",
            resource="log-group",
            resource_name=self.access_log.log_group_name,
            arn_format=ArnFormat.COLON_RESOURCE_NAME,
        )
