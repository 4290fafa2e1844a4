"""The integration in front of a partner's service on this machine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from integration import Integration
from ops.local.partner_api import PartnerApi, always, partner_api


@pytest.fixture
def partner() -> Iterator[PartnerApi]:
    """Run the service; it takes everything until a test changes what it does."""
    with partner_api(always("ok")) as server:
        yield server


@pytest.fixture
def integration(partner: PartnerApi, monkeypatch: pytest.MonkeyPatch) -> Iterator[Integration]:
    """Make the integration as a process does, and let go of its connections."""
    monkeypatch.setenv("PARTNER_API_URL", f"{partner.url}/v1/")
    made = Integration()
    yield made
    made.close()
