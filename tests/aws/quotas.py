"""Service Quotas of one region, for commands that only look: nobody has asked for anything."""

from __future__ import annotations

from typing import Any

from tests.aws.service import Service


class FakeQuotas(Service):
    """The client of one region."""

    name = "service-quotas"

    def list_requested_service_quota_change_history_by_quota(
        self, *, ServiceCode: str, QuotaCode: str
    ) -> dict[str, Any]:
        return {"RequestedQuotas": []}
