"""What every service of the double has: checked calls, paginators, its exceptions as classes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import botocore.session
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import OperationModel, Shape
from botocore.validate import ParamValidator

_VALIDATOR = ParamValidator()


class AwsError(ClientError):
    """An error of AWS's, by its code."""

    def __init__(self, code: str, message: str = "", operation: str = "") -> None:
        super().__init__({"Error": {"Code": code, "Message": message}}, operation)


@cache
def operations_of(service: str) -> dict[str, OperationModel]:
    """Give botocore's model of every operation, by its method."""
    model = botocore.session.get_session().get_service_model(service)
    return {xform_name(name): model.operation_model(name) for name in model.operation_names}


class _Exceptions:
    ClientError = ClientError

    def __getattr__(self, name: str) -> type[AwsError]:
        return exception_class(name)


@cache
def exception_class(name: str) -> type[AwsError]:
    """Give the class of an error code, as a client's `exceptions` has it."""
    return type(name, (AwsError,), {})


class _OnePage:
    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def paginate(self, **parameters: Any) -> Iterator[Any]:
        yield self._call(**parameters)


class _NoWait:
    def wait(self, **parameters: Any) -> None:
        """Return at once."""


class Service:
    """A client of the double: subclasses have a method for each operation that they know.

    With `checked`, every call and answer is held against botocore's model of the service. What else
    is public in a subclass is its record, which tests read and change.
    """

    name: str

    def __init__(self, *, checked: bool) -> None:
        self.exceptions = _Exceptions()
        self.calls: list[str] = []
        self._checked = checked

    def __getattribute__(self, attribute: str) -> Any:
        found = object.__getattribute__(self, attribute)
        if attribute in operations_of(type(self).name):
            return self._call(attribute, found)
        return found

    def get_paginator(self, operation: str) -> _OnePage:
        """Give everything as one page."""
        return _OnePage(getattr(self, operation))

    def get_waiter(self, name: str) -> _NoWait:
        """Wait for nothing: whatever was asked for has been done."""
        return _NoWait()

    def _call(self, operation: str, method: Callable[..., Any]) -> Callable[..., Any]:
        def call(**parameters: Any) -> Any:
            self.calls.append(operation)
            if not self._checked:
                return method(**parameters)
            model = operations_of(self.name)[operation]
            hold(parameters, model.input_shape, f"{operation}: request")
            answer = method(**parameters)
            hold(answer or {}, model.output_shape, f"{operation}: answer")
            return answer

        return call


def hold(value: Mapping[str, Any], shape: Shape | None, what: str) -> None:
    """Hold what is asked or answered against botocore's model of it; without one, it is empty."""
    if shape is None:
        assert not value, what
        return
    report = _VALIDATOR.validate(value, shape)
    assert not report.has_errors(), f"{what}: {report.generate_report()}"
    unknown = set(value) - set(shape.members)  # type: ignore[attr-defined]
    assert not unknown, f"{what}: unknown {unknown}"
