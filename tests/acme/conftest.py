"""The integration in front of a partner's service on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from acme import Acme
from local.stand_in import StandIn


@pytest.fixture
def integration(partner: StandIn, monkeypatch: pytest.MonkeyPatch) -> Iterator[Acme]:
    """Make the integration as a process does, and let go of its connections."""
    monkeypatch.setenv("PARTNER_API_URL", f"{partner.url}/v1/")
    made = Acme()
    yield made
    made.close()
