"""The alarms table of deployment.toml: who hears of an alarm, and over what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, Strict

from plan.fields import Email, Table, distinct
from plan.problems import refusal

BY_NAME = "secret:"
"""Begins what is not a URL but the name of a secret that holds it."""
_KEY = re.compile(r"[A-Za-z0-9_-]{20,}")
"""What in a URL lets whoever has it call: PagerDuty's integration key has 32 characters."""


def _destination(value: str) -> str:
    if value.startswith(BY_NAME):
        if not re.fullmatch(r"[\w/+=.@-]{1,512}", value.removeprefix(BY_NAME)):
            raise refusal(f"{BY_NAME} and the name of a secret in Secrets Manager")
        return value
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname or re.search(r"\s", value):
        raise refusal(f"an https URL, or {BY_NAME} and the name of a secret that holds one")
    if parts.query or parts.username or any(map(_KEY.fullmatch, parts.path.split("/"))):
        raise refusal(
            "a URL without a key, which templates and consoles would show: store the URL as a"
            f" secret of every region and write {BY_NAME} and its name",
            found="a URL with what looks like a key",
        )
    return value


Destination = Annotated[str, AfterValidator(_destination)]


class SlackChannel(Table):
    """A channel that Amazon Q Developer in chat applications writes to (AWS Chatbot before)."""

    workspace: Annotated[str, Field(pattern=r"^[0-9A-Z]{1,255}$")]
    """Its id, T and more; somebody has to let AWS into the workspace once, in AWS's console."""
    channel: Annotated[str, Field(pattern=r"^[0-9A-Za-z]{1,255}$")]
    """Its id, C and more; a private channel has to invite @Amazon Q."""


class AlarmRecipients(Table):
    """Who hears of an alarm; every region's topic sends to all of them."""

    email: Email | None = None
    """Once the address confirmed the subscription."""
    https: Annotated[tuple[Destination, ...], Strict(False), AfterValidator(distinct)] = ()
    """URLs that take what SNS posts, such as PagerDuty's and Opsgenie's. One with a key in it is
    kept in Secrets Manager: `secret:NAME`."""
    slack: SlackChannel | None = None
    """A channel, by its ids."""
    go_live: bool = False
    """mParticle sends traffic: an hour without a call is an alarm from now on."""

    @property
    def secrets(self) -> tuple[str, ...]:
        """The names of the secrets that hold URLs; every region has to have them."""
        return tuple(it.removeprefix(BY_NAME) for it in self.https if it.startswith(BY_NAME))

    @property
    def shown(self) -> tuple[str, ...]:
        """Everybody, in words that hold no key."""
        return tuple(self._shown())

    def _shown(self) -> Iterator[str]:
        if self.email:
            yield self.email
        yield from self.https
        if self.slack:
            yield f"Slack {self.slack.channel}"
