"""Rules R1 to R4, S9 and S10: one answer against its request, at run time."""

from __future__ import annotations

from firehose.audiences import AudienceMembershipChangeRequest, AudienceSubscriptionResponse
from firehose.batch import EventProcessingRequest
from firehose.errors import is_uuid
from firehose.message import Message, Request
from firehose.processor import MESSAGE_HOOKS
from firehose.registration import ModuleRegistrationRequest, ModuleRegistrationResponse
from firehose.registration_checks.finding import DOCS, SDK, Finding, Rule
from firehose.secret import Secret

R1 = Rule("R1", "error", DOCS)
R2 = Rule("R2", "error", DOCS)
R3 = Rule("R3", "error", DOCS)
R4 = Rule("R4", "error", DOCS)
S9 = Rule("S9", "error", DOCS)
S10 = Rule("S10", "error", SDK)


def check_answer(
    request: Request,
    response: Message,
    registration: ModuleRegistrationResponse | None = None,
) -> list[Finding]:
    """Check that a response answers its request.

    With the registration, the settings in a subscription response must be declared there.
    """
    findings = []
    _, expected = MESSAGE_HOOKS[type(request)]
    if type(response) is not expected:
        text = f"{request.type} must be answered by {expected.__struct_config__.tag}"
        findings.append(_pair_rule(request)("$.type", text))
    if not is_uuid(response.id):
        findings.append(R4("$.id", "must be a GUID"))
    if isinstance(response, AudienceSubscriptionResponse):
        findings += _check_returned_settings(response, registration)
    return findings


def _pair_rule(request: Request) -> Rule:
    if isinstance(request, EventProcessingRequest) and not request.events:
        return R1
    if isinstance(request, AudienceMembershipChangeRequest) and request.user_profiles is None:
        return R2
    return R3 if isinstance(request, ModuleRegistrationRequest) else R4


def _check_returned_settings(
    response: AudienceSubscriptionResponse, registration: ModuleRegistrationResponse | None
) -> list[Finding]:
    path = "$.audience_subscription_settings"
    returned: dict[str, object] = {**response.audience_subscription_settings}
    findings = [
        S10(path, f"{name} must be text")
        for name, value in returned.items()
        if not isinstance(value, Secret | str | None)
    ]
    audience = registration.audience_processing_registration if registration else None
    if audience is not None:
        declared = {setting.id for setting in audience.audience_subscription_settings}
        findings += [
            S9(path, f"{name} is not declared in audience_subscription_settings")
            for name in returned
            if name not in declared
        ]
    return findings
