"""What a function and its log group get of a plan, by value."""

from __future__ import annotations

from typing import get_args, get_type_hints

from aws_cdk import App, Stack
from aws_cdk import aws_logs as logs
from aws_cdk.assertions import Template

from plan.logs import Logs
from stacks.packaged_function import RETENTION


def test_each_retention_that_a_deployment_may_choose_is_cdks_of_so_many_days() -> None:
    stack = Stack(App())
    for days, retention in RETENTION.items():
        logs.LogGroup(stack, f"Logs{days}", retention=retention)

    made = Template.from_stack(stack).find_resources("AWS::Logs::LogGroup").values()

    assert [it["Properties"]["RetentionInDays"] for it in made] == list(RETENTION)
    assert tuple(RETENTION) == get_args(get_type_hints(Logs)["retention_days"])
