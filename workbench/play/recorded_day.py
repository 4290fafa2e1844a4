"""A day from recorded messages: what mParticle had, passed on as the registration wants it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import count

from console.exit_codes import UsageError
from firehose import ModuleRegistrationResponse
from probe.endpoint_answer import Json
from probe.sender_filter import SenderFilter
from workbench.message_files import NamedMessage
from workbench.play.made_up_day import of_customer
from workbench.play.played_message import FAMILY_OF, PlayedCustomer, PlayedMessage


def recorded_day(
    customers: Sequence[PlayedCustomer],
    registration: ModuleRegistrationResponse,
    recorded: Sequence[NamedMessage],
) -> list[PlayedMessage]:
    """Make the messages of a record due as far apart as they were, the first at midnight.

    Every account of the record becomes one of the customers, in turn, with that one's settings:
    keys of a record are never used. What is not registered is left out.
    Raises `UsageError` for what is no request of mParticle's.
    """
    contents = [_content(message) for message in recorded]
    begin = min((it["timestamp_ms"] for it in contents), default=0)
    passing = SenderFilter.of(registration)
    turn, accounts = count(), dict[object, PlayedCustomer]()
    messages = []
    for content in contents:
        account = (content.get("account") or {}).get("account_id")
        if account not in accounts:
            accounts[account] = customers[next(turn) % len(customers)]
        passed = passing.passed(content)
        if passed is None:
            continue
        customer = accounts[account]
        messages.append(
            PlayedMessage(
                at=(content["timestamp_ms"] - begin) / 1000,
                customer=customer,
                family=FAMILY_OF.get(content["type"], "checks"),
                content=of_customer(passed, customer),
            )
        )
    return messages


def _content(message: NamedMessage) -> Json:
    try:
        content: Json = json.loads(message.content)
        is_request = isinstance(content["timestamp_ms"], int) and {"type", "id"} <= content.keys()
    except (ValueError, TypeError, LookupError):
        is_request = False
    if not is_request:
        raise UsageError(
            f"{message.name} is no request of mParticle's with type, id and timestamp_ms",
            next_step="give requests, one a file or one a line, as firehose sample writes them",
        )
    return content
