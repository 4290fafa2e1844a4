"""Rules A1, O1 to O7 and D1 to D3: audiences, authentication and data subject requests."""

from __future__ import annotations

from collections.abc import Iterator

from firehose.authentication import (
    AccessTokenType,
    AuthenticationConfiguration,
    GrantType,
    OAuth2Authentication,
)
from firehose.dsr import DsrType
from firehose.registration import ModuleRegistrationResponse
from firehose.registration_checks.finding import DOCS, INFERENCE, SDK, Finding, Rule

A1 = Rule("A1", "info", INFERENCE)
O1 = Rule("O1", "error", f"{SDK}; {DOCS}")
O2 = Rule("O2", "error", DOCS)
O3 = Rule("O3", "error", DOCS)
O4 = Rule("O4", "error", SDK)
O5 = Rule("O5", "warning", DOCS)
O6 = Rule("O6", "info", INFERENCE)
O7 = Rule("O7", "error", f"{SDK}; {DOCS}")
D1 = Rule("D1", "error", SDK)
D2 = Rule("D2", "warning", SDK)
D3 = Rule("D3", "info", "mParticle docs: Data Subject Requests; inference")


def check_outputs(response: ModuleRegistrationResponse) -> Iterator[Finding]:
    """Check what events and audiences share, and what only audiences and DSR have."""
    for block in ("event_processing_registration", "audience_processing_registration"):
        authentication = getattr(getattr(response, block), "authentication", None)
        if authentication is not None:
            yield from _check_authentication(f"$.{block}.authentication", authentication)
    audience = response.audience_processing_registration
    bulk = audience.bulk_configuration if audience else None
    for name in bulk.__struct_fields__ if bulk else ():
        value = getattr(bulk, name)
        if value is not None and value <= 0:
            path = f"$.audience_processing_registration.bulk_configuration.{name}"
            yield A1(path, "should be a positive whole number")
    yield from _check_dsr(response)


def _check_authentication(
    path: str, authentication: AuthenticationConfiguration
) -> Iterator[Finding]:
    if not isinstance(authentication, OAuth2Authentication):
        yield O7(f"{path}.type", "must be oauth2")
        return
    yield from _check_urls(path, authentication)
    if not authentication.client_id:
        yield O2(f"{path}.client_id", "is missing")
    if authentication.grant_type not in {None, GrantType.AUTHORIZATION_CODE}:
        yield O7(f"{path}.grant_type", "must be authorization_code")
    yield from _check_header(path, authentication)
    for index, scope in enumerate(authentication.scopes):
        for name in scope.__struct_fields__:
            if not getattr(scope, name):
                yield O4(f"{path}.scopes[{index}].{name}", "is missing")
    yield from _check_expiry(path, authentication)


def _check_urls(path: str, authentication: OAuth2Authentication) -> Iterator[Finding]:
    for name in ("authorization_url", "token_url", "refresh_url"):
        url = getattr(authentication, name)
        if url and not url.startswith("https://"):
            yield O6(f"{path}.{name}", "should be an absolute https URL")
        elif not url and name != "refresh_url":
            yield O1(f"{path}.{name}", "is missing")


def _check_header(path: str, authentication: OAuth2Authentication) -> Iterator[Finding]:
    custom = authentication.access_token_type == AccessTokenType.CUSTOM_HEADER
    if custom and not authentication.custom_header_name:
        yield O3(f"{path}.custom_header_name", "is needed with custom_header")
    if authentication.custom_header_name and not custom:
        text = "has no effect without access_token_type custom_header"
        yield O3(f"{path}.custom_header_name", text, severity="warning")


def _check_expiry(path: str, authentication: OAuth2Authentication) -> Iterator[Finding]:
    lifetime = authentication.default_expires_in
    if lifetime is None:
        return
    if lifetime <= 0:
        yield O5(f"{path}.default_expires_in", "must be a positive number of seconds")
    elif not authentication.refresh_url:
        text = "tokens expire and cannot be renewed without refresh_url; deliveries then stop"
        yield O5(f"{path}.refresh_url", text)


def _check_dsr(response: ModuleRegistrationResponse) -> Iterator[Finding]:
    dsr = response.dsr_processing_registration
    if dsr is None:
        return
    path = "$.dsr_processing_registration"
    if dsr.supported_dsr_types != [DsrType.ERASURE]:
        yield D1(f"{path}.supported_dsr_types", "must be erasure, and nothing else")
    if not dsr.domain:
        yield D2(f"{path}.domain", "is missing; it is the domain of request callbacks")
    events_or_audiences = (
        response.event_processing_registration or response.audience_processing_registration
    )
    if response.permissions and not events_or_audiences:
        yield D3("$.permissions", "does not apply to data subject requests")
