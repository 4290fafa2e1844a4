"""Clients of AWS services for calls that mParticle waits for."""

from __future__ import annotations

import botocore.session
from botocore.client import BaseClient
from botocore.config import Config

# One for all clients, for it keeps the service models that it has read.
_session = botocore.session.get_session()


def aws_client(service: str, region: str) -> BaseClient:
    """Make a client whose worst call ends within mParticle's patience; it keeps connections."""
    config = Config(
        connect_timeout=0.2,
        read_timeout=0.4,
        retries={"mode": "standard", "total_max_attempts": 2},
        # as many as the worker may have messages at work
        max_pool_connections=100,
    )
    return _session.create_client(service, region_name=region, config=config)
