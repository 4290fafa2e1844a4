"""Lambda as AWS documents it: versions, aliases, policies, reservations of one region."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from typing import Any

from probe.endpoint_answer import as_bytes, parsed
from tests.aws.function_state import (
    AliasState,
    Configuration,
    FunctionState,
    arn_of,
    described,
    report,
)
from tests.aws.service import Service, exception_class


class FakeLambda(Service):
    """The client of one region."""

    name = "lambda"

    def __init__(self, region: str, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self._region = region
        self.states: dict[str, FunctionState] = {}
        self.answer: Callable[[Any], Any] = lambda message: message
        self.limit = 2_000
        self.created: dict[str, Callable[[Any, Any], Any]] = {}
        self.unknown_roles = 0

    def get_account_settings(self) -> dict[str, Any]:
        """Subtract every reservation from the account's limit.

        docs.aws.amazon.com/lambda/latest/api/API_AccountLimit.html.
        """
        reserved = sum(it.reserved or 0 for it in self.states.values())
        return {
            "AccountLimit": {
                "ConcurrentExecutions": self.limit,
                "UnreservedConcurrentExecutions": self.limit - reserved,
            }
        }

    def get_alias(self, *, FunctionName: str, Name: str) -> dict[str, Any]:
        alias = self._alias(FunctionName, Name)
        return {
            "AliasArn": arn_of(self._region, FunctionName, Name),
            "FunctionVersion": alias.version,
            "RevisionId": str(alias.revision),
            "RoutingConfig": {"AdditionalVersionWeights": dict(alias.weights)},
        }

    def update_alias(
        self,
        *,
        FunctionName: str,
        Name: str,
        FunctionVersion: str,
        RoutingConfig: dict[str, Any],
        RevisionId: str,
    ) -> dict[str, Any]:
        """Move an alias, unless it was moved since the revision was read.

        docs.aws.amazon.com/lambda/latest/api/API_UpdateAlias.html: PreconditionFailedException.
        """
        alias = self._alias(FunctionName, Name)
        if RevisionId != str(alias.revision):
            raise exception_class("PreconditionFailedException")("PreconditionFailedException")
        if int(FunctionVersion) not in self.states[FunctionName].versions:
            raise self._missing()
        alias.move(FunctionVersion, dict(RoutingConfig["AdditionalVersionWeights"]))
        return {}

    def get_function(self, *, FunctionName: str, Qualifier: str) -> dict[str, Any]:
        function = self._function(FunctionName)
        configuration = function.versions.get(int(Qualifier))
        if configuration is None:
            raise self._missing()
        reserved = function.reserved
        return {
            "Configuration": described(Qualifier, configuration),
            "Concurrency": {"ReservedConcurrentExecutions": reserved} if reserved else {},
        }

    def get_provisioned_concurrency_config(
        self, *, FunctionName: str, Qualifier: str
    ) -> dict[str, Any]:
        self._alias(FunctionName, Qualifier)
        provisioned = self._function(FunctionName).provisioned
        if not provisioned:
            name = "ProvisionedConcurrencyConfigNotFoundException"
            raise exception_class(name)(name)
        return {"RequestedProvisionedConcurrentExecutions": provisioned}

    def list_versions_by_function(self, *, FunctionName: str) -> dict[str, Any]:
        function = self._function(FunctionName)
        versions = [described(str(number), it) for number, it in function.versions.items()]
        return {"Versions": [described("$LATEST", function.latest), *versions]}

    def get_policy(self, *, FunctionName: str, Qualifier: str | None = None) -> dict[str, Any]:
        accounts = self._function(FunctionName).grants.get(Qualifier or "")
        if not accounts:
            raise self._missing()
        resource = arn_of(self._region, FunctionName, Qualifier)
        statements = [
            {
                "Sid": f"sid-{account}",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": "lambda:InvokeFunction",
                "Resource": resource,
            }
            for account in accounts
        ]
        return {"Policy": json.dumps({"Statement": statements})}

    def get_function_configuration(
        self, *, FunctionName: str, Qualifier: str = "$LATEST"
    ) -> dict[str, Any]:
        return described(Qualifier, self._version(FunctionName, Qualifier))

    def update_function_configuration(self, *, FunctionName: str, **changes: Any) -> dict[str, Any]:
        function = self._function(FunctionName)
        function.latest = replace(
            function.latest,
            description=changes["Description"],
            memory_mb=changes["MemorySize"],
            handler=changes["Handler"],
            environment=tuple(changes["Environment"]["Variables"].items()),
            logging=tuple(changes["LoggingConfig"].items()),
        )
        return described("$LATEST", function.latest)

    def publish_version(self, *, FunctionName: str) -> dict[str, Any]:
        number = self._function(FunctionName).publish()
        return described(str(number), self._function(FunctionName).versions[number])

    def create_function(self, *, FunctionName: str, Handler: str, **_: object) -> dict[str, Any]:
        """Refuse a role that IAM made just now, as Lambda does for some seconds."""
        if self.unknown_roles:
            self.unknown_roles -= 1
            raise exception_class("InvalidParameterValueException")(
                "InvalidParameterValueException",
                "The role defined for the function cannot be assumed by Lambda.",
            )
        module, _dot, name = Handler.rpartition(".")
        self.created[FunctionName] = getattr(import_module(module), name)
        return {"FunctionName": FunctionName, "State": "Pending"}

    def delete_function(self, *, FunctionName: str, Qualifier: str | None = None) -> dict[str, Any]:
        """Delete a function, or a version that no alias leads to.

        docs.aws.amazon.com/lambda/latest/api/API_DeleteFunction.html: ResourceConflictException.
        """
        if Qualifier is None:
            if self.created.pop(FunctionName, None) is None:
                raise self._missing()
            return {}
        function = self._function(FunctionName)
        if any(Qualifier in {it.version, *it.weights} for it in function.aliases.values()):
            raise exception_class("ResourceConflictException")("ResourceConflictException")
        self._version(FunctionName, Qualifier)
        del function.versions[int(Qualifier)]
        return {}

    def invoke(
        self,
        *,
        FunctionName: str,
        Payload: bytes = b"",
        LogType: str = "None",
        InvocationType: str = "RequestResponse",
    ) -> dict[str, Any]:
        """Answer by `answer`, behind an alias or in a version; what it raises is an error.

        A call takes as long as its version's memory makes it, which the end of the log reports
        where it is asked for and the version's logging wants it.
        """
        if InvocationType == "DryRun":
            return {"StatusCode": 204}
        if made := self.created.get(FunctionName):
            content = made(parsed(Payload), None)
            return {"StatusCode": 200, "Payload": io.BytesIO(as_bytes(content))}
        version = self._behind(*FunctionName.split(":")[6:8])
        try:
            content, failed = self.answer(parsed(Payload)), {}
        except Exception as error:
            content = {"errorType": type(error).__name__, "errorMessage": str(error)}
            failed = {"FunctionError": "Unhandled"}
        milliseconds = self.milliseconds_of(version, Payload)
        is_reported = LogType == "Tail" and dict(version.logging)["SystemLogLevel"] == "INFO"
        log = {"LogResult": report(milliseconds)} if is_reported else {}
        return {"StatusCode": 200, "Payload": io.BytesIO(as_bytes(content)), **log, **failed}

    def milliseconds_of(self, version: Configuration, payload: bytes) -> float:
        """Say how long a call takes. Tests put theirs in its place."""
        return 20 + 20_480 / version.memory_mb

    def _behind(self, name: str, qualifier: str) -> Configuration:
        aliases = self._function(name).aliases
        return self._version(
            name, aliases[qualifier].version if qualifier in aliases else qualifier
        )

    def _version(self, name: str, version: str) -> Configuration:
        function = self._function(name)
        if version == "$LATEST":
            return function.latest
        if not version.isdigit() or int(version) not in function.versions:
            raise self._missing()
        return function.versions[int(version)]

    def _function(self, name: str) -> FunctionState:
        if name not in self.states:
            raise self._missing()
        return self.states[name]

    def _alias(self, function: str, name: str) -> AliasState:
        aliases = self._function(function).aliases
        if name not in aliases:
            raise self._missing()
        return aliases[name]

    def _missing(self) -> Exception:
        return exception_class("ResourceNotFoundException")("ResourceNotFoundException")
