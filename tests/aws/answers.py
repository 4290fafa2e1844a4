"""A session whose AWS answers what a test says, checked against botocore's service models."""

from __future__ import annotations

from typing import Any

import boto3
import botocore.session
from botocore.stub import Stubber

_MODELS = botocore.session.get_session().get_component("data_loader")
"""Reads each service's model once, not once in every session."""


class StubbedSession(boto3.Session):
    """Every service's client has a stub; a call that no test queued an answer for fails."""

    def __init__(self, region: str = "eu-central-1") -> None:
        core = botocore.session.get_session()
        core.register_component("data_loader", _MODELS)
        core.set_credentials("test", "test")
        super().__init__(botocore_session=core, region_name=region)
        self._stubs: dict[str, Stubber] = {}

    def stub(self, service: Any) -> Stubber:
        """Give the stub of a service's only client."""
        if service not in self._stubs:
            self._stubs[service] = Stubber(super().client(service))
            self._stubs[service].activate()
        return self._stubs[service]

    def client(self, service_name: Any, *args: Any, **kwargs: Any) -> Any:
        return self.stub(service_name).client
