"""The endpoint's client of AWS without a network, checked by botocore's models of the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel

from endpoint.aws import AwsClient
from tests.aws.service import hold

Answer = Callable[[str, dict[str, Any]], dict[str, Any]]
"""Answers an operation with its input; raises `AwsError` for an error of the service."""


@cache
def model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


class CheckedClient(AwsClient):
    """A client with `answer` in the network's place."""

    def __init__(self, service: str, answer: Answer) -> None:
        self._model = model(service)
        self._answer = answer

    def call(self, operation: str, content: Mapping[str, object]) -> dict[str, Any]:
        """Check what is asked and what is answered."""
        shapes = self._model.operation_model(operation)
        hold(content, shapes.input_shape, f"{operation}: request")
        answer = self._answer(operation, dict(content))
        hold(answer, shapes.output_shape, f"{operation}: answer")
        return answer
