"""A session whose AWS answers what a test says, checked against botocore's service models."""

from __future__ import annotations

from typing import Any

import boto3
from botocore.stub import Stubber


class StubbedSession(boto3.Session):
    """Every service's client has a stub; a call that no test queued an answer for fails."""

    def __init__(self, region: str = "eu-central-1") -> None:
        super().__init__(region_name=region, aws_access_key_id="test", aws_secret_access_key="test")
        self._stubs: dict[str, Stubber] = {}

    def stub(self, service: Any) -> Stubber:
        """Give the stub of a service's only client."""
        if service not in self._stubs:
            self._stubs[service] = Stubber(super().client(service))
            self._stubs[service].activate()
        return self._stubs[service]

    def client(self, service_name: Any, *args: Any, **kwargs: Any) -> Any:
        return self.stub(service_name).client
