"""AWS without a network: checks requests and answers by botocore's models of the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ServiceModel
from botocore.validate import ParamValidator

from endpoint.aws import AwsClient

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
        self._check(content, shapes.input_shape)
        answer = self._answer(operation, dict(content))
        if shapes.output_shape:
            self._check(answer, shapes.output_shape)
        return answer

    def _check(self, content: Any, shape: Any) -> None:
        report = ParamValidator().validate(content, shape)
        assert not report.has_errors(), report.generate_report()
