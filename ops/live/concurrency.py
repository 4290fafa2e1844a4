"""How many calls each function may serve at once, as Lambda says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ops.live.functions import LiveFunction

if TYPE_CHECKING:
    from boto3.session import Session


def concurrency_of(session: Session, functions: Sequence[LiveFunction]) -> dict[str, int]:
    """Give each function's reservation, or where it has none the account's pool that it shares."""
    reserved = {it.name: it.reserved_concurrency for it in functions}
    pool = 0
    if None in reserved.values():
        limit = session.client("lambda").get_account_settings()["AccountLimit"]
        pool = limit.get("UnreservedConcurrentExecutions", 0)
    return {name: pool if own is None else own for name, own in reserved.items()}
