"""A service of a partner's, the connections to it, and how many it got."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.stand_in import StandIn
from partner_http import Connections


@pytest.fixture
def connections(partner: StandIn) -> Iterator[Connections]:
    made = Connections(partner.url)
    yield made
    made.close()


@pytest.fixture
def opened(partner: StandIn, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """List the connections that the service got."""
    seen: list[object] = []
    process = partner.process_request

    def noted(request: object, address: object) -> None:
        seen.append(address)
        process(request, address)  # type: ignore[arg-type]

    monkeypatch.setattr(partner, "process_request", noted)
    return seen
