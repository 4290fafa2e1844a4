"""CloudFormation as AWS documents it, for one region's stack of functions.

What a stack does to resources follows the *template*, not what is live: a property that somebody
changed by hand is left alone unless the template changes it
(docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from plan.names import ALIAS, DEAD_LETTER_QUEUE_URL_OUTPUT, QUEUE_URL_OUTPUT
from tests.aws.function_state import FunctionState, arn_of
from tests.aws.functions import FakeLambda
from tests.aws.service import AwsError, Service
from tests.aws.stack_record import StackRecord
from tests.aws.stack_state import (
    AT_REST,
    DeploymentFailedError,
    FunctionTemplate,
    StackState,
    Template,
)


class FakeCloudFormation(Service):
    """The client of one region, and `deploy`: what the CDK CLI makes of it.

    `retains_rolled_back_versions` is true for a version with `DeletionPolicy: Retain`, false for
    `RetainExceptOnCreate`, which the template has: docs.aws.amazon.com/AWSCloudFormation/latest/
    TemplateReference/aws-attribute-deletionpolicy.html.
    """

    name = "cloudformation"

    def __init__(self, region: str, functions: FakeLambda, *, checked: bool) -> None:
        super().__init__(checked=checked)
        self._region = region
        self._functions = functions
        self.retains_rolled_back_versions = False
        self.states: dict[str, StackState] = {}
        self.is_gradual = False
        self.has_queues = False
        self.alarms: list[str] = []
        self.api: str | None = None
        self.outputs: dict[str, str] = {}
        self.others: list[tuple[str, str, str]] = []
        self.lists_nothing = False
        self.is_refused = False
        self.record = StackRecord()

    def describe_stacks(self, *, StackName: str | None = None) -> dict[str, Any]:
        if self.is_refused or (StackName is None and self.lists_nothing):
            raise AwsError("AccessDenied")
        names = list(self.states) if StackName is None else [StackName.removeprefix("id-of-")]
        return {"Stacks": [self._described(name) for name in names]}

    def _described(self, name: str) -> dict[str, Any]:
        stack = self._stack(name)
        outputs = [
            {"OutputKey": "FunctionArn", "OutputValue": arn_of(self._region, function, ALIAS)}
            for function in list(stack.template)[:1]
        ]
        if self.has_queues:
            outputs += [
                {
                    "OutputKey": key,
                    "OutputValue": f"https://sqs.{self._region}.amazonaws.com/1/{key}",
                }
                for key in (QUEUE_URL_OUTPUT, DEAD_LETTER_QUEUE_URL_OUTPUT)
            ]
        outputs += [{"OutputKey": key, "OutputValue": it} for key, it in self.outputs.items()]
        return {
            "StackName": name,
            "StackId": f"id-of-{name}",
            "StackStatus": stack.status,
            "CreationTime": 0,
            "Outputs": outputs,
            "EnableTerminationProtection": stack.is_protected,
            "Tags": [{"Key": key, "Value": value} for key, value in stack.tags.items()],
        }

    def describe_stack_events(self, *, StackName: str) -> dict[str, Any]:
        self._stack(StackName.removeprefix("id-of-"))
        return {"StackEvents": self.record.newest_first()}

    def list_stack_resources(self, *, StackName: str) -> dict[str, Any]:
        stack = self._stack(StackName)
        found: list[tuple[str, str, str]] = []
        for function, version in stack.versions.items():
            number = arn_of(self._region, function, str(version))
            alias = arn_of(self._region, function, ALIAS)
            found += [
                (f"{function}Function", "AWS::Lambda::Function", function),
                (f"{function}Version", "AWS::Lambda::Version", number),
                (f"{function}Alias", "AWS::Lambda::Alias", alias),
            ]
        found += [(it, "AWS::CloudWatch::Alarm", f"made-up-{it}") for it in self.alarms]
        found += self.others
        if self.api:
            found.append(("HttpsApi", "AWS::ApiGatewayV2::Api", self.api))
        if self.is_gradual:
            found.append(("Application", "AWS::CodeDeploy::Application", "app"))
        return {
            "StackResourceSummaries": [
                {
                    "LogicalResourceId": logical,
                    "ResourceType": kind,
                    "PhysicalResourceId": physical,
                    "ResourceStatus": "CREATE_COMPLETE",
                    "LastUpdatedTimestamp": 0,
                }
                for logical, kind, physical in found
            ]
        }

    def update_termination_protection(
        self, *, StackName: str, EnableTerminationProtection: bool
    ) -> dict[str, Any]:
        self._stack(StackName).is_protected = EnableTerminationProtection
        return {}

    def delete_stack(self, *, StackName: str) -> dict[str, Any]:
        """Delete, but not what is protected.

        docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-protect-stacks.html.
        """
        name = StackName.removeprefix("id-of-")
        stack = self._stack(name)
        if stack.is_protected:
            raise AwsError(
                "ValidationError", f"Stack [{name}] cannot be deleted while TerminationProtection"
            )
        for function in stack.versions:
            self._functions.states.pop(function, None)
        del self.states[name]
        return {}

    def deploy(
        self,
        stack: str,
        template: Template,
        *,
        fails_at: str | None = None,
        tags: Mapping[str, str] | None = None,
    ) -> bool:
        """Bring a stack to a template as the CDK CLI does; false when there is nothing to change.

        `fails_at` names a function whose deployment fails. The CLI puts protection on before it
        executes the change set, and deletes a stack that failed its creation before the next try.
        Raises `DeploymentFailedError` once CloudFormation has gone back.
        """
        state = self._usable(stack)
        if state is None:
            state = self.states[stack] = StackState("CREATE_IN_PROGRESS", is_protected=True)
        elif state.template == template and state.status in AT_REST:
            return False
        state.tags = tags or state.tags
        before, first = replace(state, versions=dict(state.versions)), not state.template
        self.record.note(stack, "CREATE_IN_PROGRESS" if first else "UPDATE_IN_PROGRESS")
        try:
            for name, wanted in template.items():
                self._apply(state, name, wanted)
                if name == fails_at:
                    raise DeploymentFailedError(f"{name}: resource creation failed")
        except DeploymentFailedError:
            self._go_back(state, before, template)
            state.status = "ROLLBACK_COMPLETE" if first else "UPDATE_ROLLBACK_COMPLETE"
            self.record.note(stack, state.status)
            raise
        for name, version in set(state.versions.items()) - set(before.versions.items()):
            arn = arn_of(self._region, name, str(version))
            self.record.note(stack, "CREATE_COMPLETE", version=arn)
        state.template = template
        state.status = "CREATE_COMPLETE" if first else "UPDATE_COMPLETE"
        self.record.note(stack, state.status)
        return True

    def _usable(self, stack: str) -> StackState | None:
        """Give a stack that can be updated; one that failed its creation is deleted first."""
        state = self.states.get(stack)
        if state is None or state.status != "ROLLBACK_COMPLETE":
            return state
        try:
            self.delete_stack(StackName=stack)
        except AwsError as error:
            raise DeploymentFailedError(str(error)) from error
        return None

    def _apply(self, state: StackState, name: str, wanted: FunctionTemplate) -> None:
        """Update a function, then its version if the template has another, then its alias."""
        functions = self._functions.states
        known = state.template.get(name)
        function = functions.setdefault(name, FunctionState(latest=wanted.configuration))
        if known is None or known.configuration != wanted.configuration:
            function.latest = wanted.configuration
            newest = function.newest
            if function.publish() == newest:
                # a version of the same code and configuration exists: 409
                raise DeploymentFailedError(f"{name}: a version {newest} already exists")
            state.versions[name] = function.newest
            function.point(ALIAS, function.newest)
        if known is None or known.reserved != wanted.reserved:
            function.reserved = wanted.reserved
        if known is None or known.accounts != wanted.accounts:
            function.grants[ALIAS] = list(wanted.accounts)

    def _go_back(self, state: StackState, before: StackState, template: Template) -> None:
        """Undo what the template changed, as CloudFormation does: to the template before."""
        functions = self._functions.states
        for name in template:
            known, function = before.template.get(name), functions.get(name)
            if function is None or state.versions.get(name) == before.versions.get(name):
                if function and known:
                    function.latest = known.configuration
                continue
            made = state.versions[name]
            if known is None:
                functions.pop(name)
                state.versions.pop(name)
                continue
            function.latest = known.configuration
            state.versions[name] = before.versions[name]
            function.point(ALIAS, before.versions[name])
            if not self.retains_rolled_back_versions:
                del function.versions[made]

    def _stack(self, name: str) -> StackState:
        if name not in self.states:
            raise AwsError("ValidationError", f"Stack with id {name} does not exist")
        return self.states[name]
