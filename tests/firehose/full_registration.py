"""A registration with every field that one may have, as its JSON."""

from __future__ import annotations

import json
from typing import Any

from firehose import ModuleRegistrationResponse, Permissions, check_registration, decode

EVENTS = "event_processing_registration"
AUDIENCES = "audience_processing_registration"
DSR = "dsr_processing_registration"
KEY: dict[str, Any] = {
    "type": "text",
    "id": "key",
    "name": "Key",
    "description": "Yours",
    "visible": True,
    "default_value": "none",
    "required": False,
    "confidential": True,
}
DAYS: dict[str, Any] = {
    "type": "integer",
    "id": "days",
    "name": "Days",
    "description": "Many",
    "visible": True,
    "default_value": 7,
    "min_value": 1,
    "max_value": 30,
    "required": False,
}
SWITCH: dict[str, Any] = {
    "type": "boolean",
    "id": "on",
    "name": "On",
    "description": "Or off",
    "visible": True,
    "default_value": False,
    "checked": False,
}
EMAIL = {"type": "email", "encoding": "sha256", "required": False}
OAUTH: dict[str, Any] = {
    "type": "oauth2",
    "authorization_url": "https://acme.example/a",
    "refresh_url": "https://acme.example/r",
    "token_url": "https://acme.example/t",
    "grant_type": "authorization_code",
    "default_expires_in": 60,
    "client_id": "mp",
    "access_token_type": "custom_header",
    "custom_header_name": "X-Token",
    "param_client_id_name": "id",
    "param_secret_name": "secret",
    "scopes": [{"name": "read", "description": "Reads"}, {"name": "write", "description": "Too"}],
}
FULL: dict[str, Any] = {
    "type": "module_registration_response",
    "id": "c0ffee00-0000-4000-8000-000000000000",
    "timestamp_ms": 1_700_000_000_000,
    "firehose_version": "3.2.0",
    "sdk_version": "3.2.0",
    "name": "Acme",
    "description": "Letters",
    "version": "1",
    "permissions": {
        "device_identities": [{"type": "ios_idfa", "encoding": "raw", "required": False}],
        "user_identities": [EMAIL, {"type": "customer", "encoding": "raw", "required": True}],
        "partner_identities": [{"type": "Acme_Id", "encoding": "raw", "required": False}],
        **{name: True for name in Permissions.__struct_fields__ if name.startswith("allow_")},
    },
    EVENTS: {
        "account_settings": [KEY, DAYS],
        "event_connection_settings": [SWITCH],
        "supported_event_types": ["custom_event", "session_start"],
        "supported_runtime_environments": ["ios", "android"],
        "supported_system_notification_types": ["gdpr_consent_state"],
        "max_data_age_hours": 24,
        "push_messaging_provider_id": "acme",
        "authentication": OAUTH,
    },
    AUDIENCES: {
        "account_settings": [KEY],
        "authentication": OAUTH,
        "bulk_configuration": {
            "bulk_forward_wait_for_messages": 10,
            "bulk_forward_wait_in_minutes": 5,
        },
        "audience_subscription_settings": [KEY | {"id": "list"}],
    },
    DSR: {"account_settings": [KEY], "supported_dsr_types": ["erasure"], "domain": "acme.example"},
}


def registration(content: dict[str, Any]) -> ModuleRegistrationResponse:
    """Read a registration."""
    message = decode(json.dumps(content))
    assert isinstance(message, ModuleRegistrationResponse)
    return message


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, str]:
    """Give severities by path, of what only comes from the comparison."""
    previous, response = registration(before), registration(after)
    alone = check_registration(response)
    found = [it for it in check_registration(response, previous) if it not in alone]
    return {it.path: it.severity for it in found}


def with_value(path: str, value: Any) -> dict[str, Any]:
    """Give the full registration with another value in one place."""
    changed: dict[str, Any] = json.loads(json.dumps(FULL))
    *way, last = path.split(".")
    holder: Any = changed
    for step in way:
        holder = holder[step]
    holder[last] = value
    return changed
