"""What mParticle is told about the integration, held against what the integration does."""

from __future__ import annotations

from acme import Acme
from acme.registration import registration
from firehose import check_registration


def test_registration_has_no_findings() -> None:
    assert check_registration(registration(), processor=Acme) == []
