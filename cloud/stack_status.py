"""Every status of a CloudFormation stack: what it means, whether to deploy onto it, what is next.

Statuses: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html. What the
CDK CLI does with each: its `deploy-stack`, which deletes a stack that failed its creation before it
creates it again. That deletion fails, because the CLI has put termination protection on before.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StackStatusRule:
    """What a status means for a deployment; `next_step` is a command, for a stack not at rest."""

    meaning: str
    may_deploy: bool
    next_step: str = ""


_WAIT = "wait until it is done, then run it again"
_DESTROY = "firehose destroy --region {region} (asks for the name; it takes the protection away)"
_AWS = "--stack-name {stack} --region {region}"


def _rests(meaning: str) -> StackStatusRule:
    return StackStatusRule(meaning=meaning, may_deploy=True)


def _busy(meaning: str) -> StackStatusRule:
    return StackStatusRule(meaning=meaning, may_deploy=False, next_step=_WAIT)


def _broken(meaning: str, next_step: str) -> StackStatusRule:
    return StackStatusRule(meaning=meaning, may_deploy=False, next_step=next_step)


RULES: dict[str, StackStatusRule] = {
    "REVIEW_IN_PROGRESS": _rests("a change set was made and never executed; nothing exists yet"),
    "CREATE_IN_PROGRESS": _busy("somebody deploys it for the first time"),
    "CREATE_FAILED": _broken("its first deployment failed and was not undone", _DESTROY),
    "CREATE_COMPLETE": _rests("deployed"),
    "ROLLBACK_IN_PROGRESS": _busy("its first deployment failed and is being undone"),
    "ROLLBACK_FAILED": _broken("its first deployment failed, and undoing it failed too", _DESTROY),
    "ROLLBACK_COMPLETE": _broken("its first deployment failed and was undone", _DESTROY),
    "DELETE_IN_PROGRESS": _busy("somebody deletes it"),
    "DELETE_FAILED": _broken("deleting it stopped half-way", _DESTROY),
    "DELETE_COMPLETE": _rests("it was deleted"),
    "UPDATE_IN_PROGRESS": _busy("somebody deploys it"),
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": _busy("deployed; what it replaced is being removed"),
    "UPDATE_COMPLETE": _rests("deployed"),
    "UPDATE_FAILED": _broken(
        "a deployment failed and was not undone", f"aws cloudformation rollback-stack {_AWS}"
    ),
    "UPDATE_ROLLBACK_IN_PROGRESS": _busy("a deployment failed and is being undone"),
    "UPDATE_ROLLBACK_FAILED": _broken(
        "a deployment failed, and undoing it failed too",
        f"aws cloudformation continue-update-rollback {_AWS}",
    ),
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": _busy("a failed deployment is being undone"),
    "UPDATE_ROLLBACK_COMPLETE": _rests("a deployment failed and was undone"),
    "IMPORT_IN_PROGRESS": _busy("somebody imports resources into it"),
    "IMPORT_COMPLETE": _rests("deployed, with imported resources"),
    "IMPORT_ROLLBACK_IN_PROGRESS": _busy("an import failed and is being undone"),
    "IMPORT_ROLLBACK_FAILED": _broken(
        "an import failed, and undoing it failed too",
        "see the stack's events in CloudFormation in {region} and remove what keeps it",
    ),
    "IMPORT_ROLLBACK_COMPLETE": _rests("an import failed and was undone"),
}
"""By status; a test compares the statuses with botocore's model."""


def rule_of(status: str, *, stack: str, region: str) -> StackStatusRule:
    """Give the rule of a stack's status, its next step written for that stack.

    A status that AWS adds after this was written is one to wait for.
    """
    rule = RULES.get(status) or _busy("this version of firehose does not know the status")
    return StackStatusRule(
        meaning=rule.meaning,
        may_deploy=rule.may_deploy,
        next_step=rule.next_step.format(stack=stack, region=region),
    )
