"""The end of one region's stack: what is in it, and deleting it with its protection."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING

from cloud.queues import messages_in
from cloud.stack import DeployedStack
from console.exit_codes import CommandError
from console.output import say
from ops.live.region import LiveRegion
from plan.names import DELIVERY, DOMAIN_TARGET_OUTPUT, ENDPOINT_URL_OUTPUT, TOKEN_SECRET_OUTPUT

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

_PAUSE_SECONDS = 2.0
_LONGEST_SECONDS = 1_800
_KEY_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Retained:
    """What outlives its stack, so that a change of the choices loses no message.

    `queues` holds their URLs, `keys` the ids of the keys that their messages are encrypted with.
    """

    queues: Sequence[str]
    keys: Sequence[str]

    def commands(self, region: str) -> list[str]:
        """Write what deletes it by hand, once nobody waits for the stack any more."""
        return [
            *(f"aws sqs delete-queue --queue-url {url} --region {region}" for url in self.queues),
            *(
                f"aws kms schedule-key-deletion --key-id {key} --region {region}"
                f" --pending-window-in-days {_KEY_DAYS}"
                for key in self.keys
            ),
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What would go with one region's stack: its resources, and the messages in its queues.

    `waiting` counts every message where the stack is too broken to tell its queues apart. `lost`
    says what the same deployment would not bring back.
    """

    status: str
    resources: int
    waiting: int
    dead: int
    lost: Sequence[str]
    retained: Retained


def examine(live: LiveRegion) -> Removal:
    """Count what would be deleted. Raises `CommandError` with exit code 4 when there is nothing."""
    if live.depths:
        waiting, dead = live.depths.undelivered, live.depths.dead
    else:
        waiting, dead = sum(sum(messages_in(live.session, url)) for url in _queues(live)), 0
    return Removal(
        status=live.stack.status,
        resources=len(live.resources),
        waiting=waiting,
        dead=dead,
        lost=lost_with(live.stack),
        retained=Retained(queues=_queues(live), keys=_keys(live)),
    )


def lost_with(stack: DeployedStack) -> list[str]:
    """Say what nobody gets back by deploying the same again; the ARN comes back."""
    lost = []
    if url := stack.outputs.get(ENDPOINT_URL_OUTPUT):
        lost.append(
            f"what the DNS record of {url} leads to"
            if DOMAIN_TARGET_OUTPUT in stack.outputs
            else f"{url}, of which mParticle would have to be given another"
        )
    if TOKEN_SECRET_OUTPUT in stack.outputs:
        lost.append("mParticle's token, which would have to be stored again")
    return lost


def delete(live: LiveRegion, stop: Event) -> bool:
    """Delete a region's stack and wait until it is gone; false if `stop` was set before it was.

    Termination protection is taken away first, also from a stack that never got its outputs.
    Raises `CommandError` when CloudFormation stops half-way or takes too long.
    """
    stack = live.stack
    cloudformation = live.session.client("cloudformation")
    say(f"{live.plan.region}: deleting {live.plan.stack_name} …")
    if stack.is_protected:
        cloudformation.update_termination_protection(
            StackName=live.plan.stack_name, EnableTerminationProtection=False
        )
    cloudformation.delete_stack(StackName=stack.identifier)
    try:
        return _is_gone(cloudformation, stack, stop)
    except cloudformation.exceptions.ClientError as error:
        if "does not exist" not in str(error):
            raise
        return True


def delete_retained(live: LiveRegion, retained: Retained) -> None:
    """Delete the queues that outlive the stack, and schedule the end of their keys.

    A key can be had back for a week:
    docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html.
    """
    sqs, kms = live.session.client("sqs"), live.session.client("kms")
    for url in retained.queues:
        with suppress(sqs.exceptions.QueueDoesNotExist):
            sqs.delete_queue(QueueUrl=url)
    for key in retained.keys:
        with suppress(kms.exceptions.NotFoundException, kms.exceptions.KMSInvalidStateException):
            kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=_KEY_DAYS)


def _is_gone(cloudformation: CloudFormationClient, stack: DeployedStack, stop: Event) -> bool:
    region = stack.plan.region
    deadline = time.monotonic() + _LONGEST_SECONDS
    while (
        status := cloudformation.describe_stacks(StackName=stack.identifier)["Stacks"][0][
            "StackStatus"
        ]
    ) != "DELETE_COMPLETE":
        if status != "DELETE_IN_PROGRESS" or time.monotonic() > deadline:
            raise CommandError(
                f"{region}: {stack.plan.stack_name} is {status}",
                next_step=f"see the stack's events in CloudFormation in {region}, remove what"
                " keeps it, then run it again",
            )
        if stop.wait(_PAUSE_SECONDS):
            return False
    return True


def _queues(live: LiveRegion) -> list[str]:
    return live.physical_ids("AWS::SQS::Queue")


def _keys(live: LiveRegion) -> list[str]:
    return [
        it.physical_id
        for it in live.resources
        if it.kind == "AWS::KMS::Key" and it.logical_id.startswith(DELIVERY)
    ]
