"""The workflows run what exists, with no more rights on AWS than that needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import filterfalse
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml  # type: ignore[import-untyped]  # its stubs are for nothing else here

from plan.rollout import Strategy
from tests.pages import ROOT, rows
from tests.shell_commands import in_shell, parse

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
ROLES = {"Deploy": "AWS_DEPLOY_ROLE", "Watch": "AWS_WATCH_ROLE", "Review": "AWS_REVIEW_ROLE"}
"""Roles of .github/aws-roles.yml, and the variables by which workflows name them."""
WITHIN = {"deploy": {"preflight", "verify"}}
"""What a command runs of others."""


def steps_of(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"].values():
        yield from job["steps"]


def scripts_of(workflow: Path) -> list[str]:
    return [step["run"] for step in steps_of(workflow) if "run" in step]


def test_deploy_workflow_deploys_proves_and_hands_over_in_this_order() -> None:
    scripts = "\n".join(scripts_of(ROOT / ".github" / "workflows" / "deploy.yml"))

    # `deploy` checks every region itself; `preflight` would also stop a first deployment over what
    # only mParticle would object to
    assert [parse(command) for command in in_shell(scripts)] == [
        ["deploy"],
        ["verify"],
        ["handoff"],
    ]


def test_deploy_workflow_has_time_and_credentials_for_the_longest_rollout() -> None:
    """A linear rollout takes ten steps; us-east-1 goes first, the others after it together."""
    (job,) = yaml.safe_load((ROOT / ".github/workflows/deploy.yml").read_text())["jobs"].values()
    lengths = [re.findall(r"linear-10-percent-every-(\d+)", it) for it in get_args(Strategy)]
    longest = max(10 * int(minutes) for found in lengths for minutes in found)
    (credentials,) = (it for it in job["steps"] if "role-to-assume" in it.get("with", {}))

    assert job["timeout-minutes"] > 2 * longest
    assert credentials["with"]["role-duration-seconds"] >= 60 * job["timeout-minutes"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_commands_of_a_workflow_are_accepted_and_its_targets_exist(workflow: Path) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)

    for script in scripts_of(workflow):
        for command in in_shell(script):
            parse(command)
        assert set(re.findall(r"\bmake ([a-z]+)", script)) <= set(targets)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_actions_are_pinned_to_a_commit_with_the_version_beside_it(workflow: Path) -> None:
    used = re.findall(r"uses: (.*)", workflow.read_text(encoding="utf-8"))

    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_no_text_from_outside_becomes_part_of_a_script(workflow: Path) -> None:
    assert [script for script in scripts_of(workflow) if "${{" in script] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_each_job_has_its_own_permissions_and_leaves_no_credentials(workflow: Path) -> None:
    content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    checkouts = [step for step in steps_of(workflow) if "checkout@" in step.get("uses", "")]

    assert content["permissions"] == {}
    assert all(job["permissions"] for job in content["jobs"].values())
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@cache
def resources() -> dict[str, Any]:
    """Read the template of the roles."""
    # not above: every process of pytest would take half a second for it
    from cfnlint.decode import cfn_yaml  # type: ignore[import-untyped]  # noqa: PLC0415

    read: dict[str, Any] = cfn_yaml.load(str(ROOT / ".github" / "aws-roles.yml"))["Resources"]
    return read


def policies(role: str) -> Iterator[dict[str, Any]]:
    """Yield the documents of a role's policies."""
    for policy in resources()[f"{role}Role"]["Properties"]["ManagedPolicyArns"]:
        yield resources()[policy["Ref"]]["Properties"]["PolicyDocument"]


def allowed(role: str) -> set[str]:
    actions: set[str] = set()
    for document in policies(role):
        for statement in document["Statement"]:
            of = statement["Action"]
            actions |= {of} if isinstance(of, str) else set(of)
    return actions


def is_read(action: str) -> bool:
    return re.search(":(Get|List|Describe|Detect)", action) is not None


def needed(commands: set[str]) -> set[str]:
    """Read from docs/permissions.md what these commands call."""
    page = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    actions = {"sts:AssumeRole"}
    for called, _, purpose in rows(page, "| action | resource | for |"):
        named = set(re.findall(r"`([a-z]+)", purpose.split(";")[0]))
        if named & commands or purpose == "every command that looks at AWS":
            actions |= set(re.findall(r"`([a-z-]+:[A-Za-z]+)`", called))
    return actions


def commands_with(role: str) -> set[str]:
    """Name the commands that run with a role, and those that they run."""
    scripts = "\n".join(
        script
        for workflow in WORKFLOWS
        if f"vars.{ROLES[role]} " in workflow.read_text(encoding="utf-8")
        for script in scripts_of(workflow)
    )
    commands = {parse(command)[0] for command in in_shell(scripts)}
    return commands.union(*(WITHIN.get(command, set()) for command in commands))


@pytest.mark.parametrize(("role", "deploys"), [("Deploy", True), ("Watch", False)])
def test_role_of_a_workflow_may_do_what_its_commands_call(role: str, deploys: bool) -> None:
    commands = commands_with(role)

    assert ("deploy" in commands) == deploys
    assert needed(commands) - allowed(role) <= (set() if deploys else {"sts:AssumeRole"})


def test_role_of_pull_requests_may_read_what_a_preview_reads() -> None:
    reads = {action for action in needed({"deploy", "preflight"}) if is_read(action)}

    assert reads - allowed("Review") == set()


def test_no_role_may_do_what_none_of_its_commands_calls() -> None:
    look = allowed("Watch") & allowed("Review")
    everything = needed(set().union(*map(commands_with, ROLES)))

    assert {action for role in ROLES for action in allowed(role)} == everything
    assert allowed("Watch") - look <= needed(commands_with("Watch"))
    assert allowed("Deploy") - look <= needed(commands_with("Deploy"))


def test_role_of_pull_requests_neither_calls_nor_changes_nor_reads_a_secret() -> None:
    (assumed,) = (
        statement["Resource"]
        for document in policies("Review")
        for statement in document["Statement"]
        if statement["Action"] == "sts:AssumeRole"
    )

    assert set(filterfalse(is_read, allowed("Review"))) == {"sts:AssumeRole"}
    assert "secretsmanager:GetSecretValue" not in allowed("Review")
    assert assumed["Fn::Sub"].endswith("role/cdk-hnb659fds-lookup-role-*")


@pytest.mark.parametrize(
    ("role", "subject"),
    [
        ("Deploy", "repo:${Repository}:environment:production"),
        ("Watch", "repo:${Repository}:ref:refs/heads/main"),
        ("Review", "repo:${Repository}:pull_request"),
    ],
)
def test_role_trusts_one_kind_of_run_of_one_repository_alone(role: str, subject: str) -> None:
    trust = resources()[f"{role}Role"]["Properties"]["AssumeRolePolicyDocument"]
    (statement,) = trust["Statement"]

    assert statement["Condition"] == {
        "StringEquals": {
            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
            "token.actions.githubusercontent.com:sub": {"Fn::Sub": subject},
        }
    }


def test_workflow_that_changes_aws_runs_in_the_environment_that_the_role_trusts() -> None:
    changing = [it for it in WORKFLOWS if "vars.AWS_DEPLOY_ROLE" in it.read_text("utf-8")]

    assert [it.name for it in changing] == ["deploy.yml", "rollback.yml"]
    for workflow in changing:
        content = yaml.safe_load(workflow.read_text(encoding="utf-8"))
        assert [job["environment"] for job in content["jobs"].values()] == ["production"]
        assert content["concurrency"] == "deploy"
