"""Alarms on accepted messages that are not delivered."""

from __future__ import annotations

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from plan import alarms
from stacks.alarms import Alarms


class QueueAlarms(Alarms):
    """Pages for a queue that lags or comes near its limit, a ticket for dead letters.

    Dead letters are counted as they lie there: SQS does not count those it moves itself as sent.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        queue: sqs.Queue,
        dead_letters: sqs.Queue,
        action: cloudwatch.IAlarmAction,
    ) -> None:
        super().__init__(scope, construct_id, action=action)
        self.watch(
            alarms.QUEUE_AGE,
            queue.metric_approximate_age_of_oldest_message(statistic="Maximum"),
        )
        self.watch(
            alarms.IN_FLIGHT,
            queue.metric_approximate_number_of_messages_not_visible(statistic="Maximum"),
        )
        self.watch(
            alarms.DEAD_LETTERS,
            dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum"),
        )
