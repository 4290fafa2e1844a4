"""Who hears of an alarm, and that no key stands in a deployment file or in what is said of it."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from plan.alarm_recipients import AlarmRecipients
from plan.deployment import Deployment
from plan.problems import problems_of

KEY = "0a1b2c3d4e5f60718293a4b5c6d7e8f9"


def problem(**alarms: Any) -> str:
    with pytest.raises(ValidationError) as error:
        Deployment.model_validate({"name": "acme", "alarms": alarms})
    return str(*problems_of(error.value, Deployment))


def test_recipients_are_shown_by_their_address_or_channel() -> None:
    recipients = AlarmRecipients.model_validate(
        {
            "email": "oncall@acme.example",
            "https": ["https://alarms.acme.example/sns", "secret:acme/pagerduty"],
            "slack": {"workspace": "T0123ABCD", "channel": "C0123ABCD"},
        }
    )

    assert recipients.shown == (
        "oncall@acme.example",
        "https://alarms.acme.example/sns",
        "secret:acme/pagerduty",
        "Slack C0123ABCD",
    )
    assert AlarmRecipients().shown == ()
    assert recipients.secrets == ("acme/pagerduty",)


@pytest.mark.parametrize(
    "url",
    [
        f"https://events.pagerduty.com/integration/{KEY}/enqueue",
        f"https://api.opsgenie.com/v1/json/amazonsns?apiKey={KEY}",
        f"https://user:{KEY}@alarms.acme.example/",
    ],
)
def test_url_with_a_key_is_refused_without_showing_it(url: str) -> None:
    text = problem(https=[url])

    assert "a URL without a key" in text
    assert "secret:" in text
    assert KEY not in text


@pytest.mark.parametrize(
    "url", ["http://alarms.acme.example", "alarms.acme.example", "https://", "https://a b/"]
)
def test_what_is_no_https_url_is_refused(url: str) -> None:
    assert problem(https=[url]).startswith("alarms.https.0: found ")


@pytest.mark.parametrize("name", ["secret:", "secret:a b", "secret:a:SecretString:key"])
def test_secret_is_named_and_nothing_else(name: str) -> None:
    assert "the name of a secret" in problem(https=[name])


def test_slack_is_named_by_its_ids() -> None:
    text = problem(slack={"workspace": "T0123ABCD", "channel": "#oncall"})

    assert text.startswith("alarms.slack.channel: found")
