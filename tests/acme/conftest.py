"""The integration in front of a partner's service on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from acme import Acme
from local.service_calls import always
from local.stand_in import StandIn, stand_in


@pytest.fixture
def partner() -> Iterator[StandIn]:
    """Run the service; it takes everything until a test changes what it does."""
    with stand_in(always("ok")) as server:
        yield server


@pytest.fixture
def integration(partner: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Acme]:
    """Make the integration as a process does, and let go of its connections."""
    monkeypatch.setenv("PARTNER_API_URL", f"{partner.url}/v1/")
    made = Acme()
    yield made
    made.close()
