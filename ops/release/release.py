"""One release: waves of regions, each brought to the stack's version and proven, or taken back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Literal, TypeVar

from console.exit_codes import CommandError, ExitCode
from console.output import say
from ops.live.every_region import Found, in_live_regions
from ops.live.functions import move_alias
from ops.live.region import LiveRegion
from ops.release.waves import Wave, order_of
from plan.region_plan import RegionPlan
from plan.rollout import ALL_AT_ONCE

T = TypeVar("T")

Versions = Mapping[str, int]
"""Which version each function serves, by its name; empty before the first deployment."""

OutcomeName = Literal["not begun", "failed", "deployed", "taken back"]


@dataclass(slots=True, kw_only=True)
class RegionRelease:
    """How far one region has come.

    `before` is what was live when this run began there, `wanted` what the stack made for this run,
    `now` what was live when it was looked at last.
    """

    before: Versions = field(default_factory=dict)
    wanted: Versions = field(default_factory=dict)
    now: Versions = field(default_factory=dict)
    outcome: OutcomeName = "not begun"


@dataclass(slots=True, kw_only=True)
class Release:
    """A run of `firehose deploy`.

    `deploy_stack` brings a region's stack to what was synthesized, `prove` gives what is wrong with
    the answers there. Both raise `CommandError`. `in_regions` works on several regions at once.
    """

    waves: Sequence[Wave]
    deploy_stack: Callable[[RegionPlan], None]
    prove: Callable[[LiveRegion], Sequence[str]]
    in_regions: Callable[[Sequence[RegionPlan], Callable[[LiveRegion], None]], Found[None]] = (
        in_live_regions
    )
    regions: dict[str, RegionRelease] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.regions = {plan.region: RegionRelease() for wave in self.waves for plan in wave}

    def run(self, stop: Event) -> list[CommandError]:
        """Release wave after wave until one fails; then take back what this run moved.

        Gives every failure; with none, what the stacks made serves every call of the regions that
        were begun.
        """
        for number, wave in enumerate(self.waves, 1):
            if stop.is_set():
                break
            say(f"Wave {number} of {len(self.waves)}: {order_of([wave])} …")
            found, failures = self.in_regions(wave, self._release)
            for plan, _ in found:
                say(f"{plan.region}: deployed, answers right")
            if failures:
                begun = [plan for earlier in self.waves[:number] for plan in earlier]
                _, refused = self.in_regions(begun, self.take_back)
                self.in_regions(begun, self._look)
                # a region without a stack has nothing to take back; its failure was told already
                return [
                    *failures,
                    *(it for it in refused if it.exit_code is not ExitCode.NOT_DEPLOYED),
                ]
        return self._confirm()

    def _release(self, live: LiveRegion) -> None:
        plan = live.plan
        region = self.regions[plan.region]
        region.before, region.outcome = live.versions, "failed"
        self.deploy_stack(plan)
        live = self._at_stacks_version(LiveRegion(live.session, plan))
        region.now = live.versions
        if live.differences:
            raise CommandError(
                "\n".join(it.sentence for it in live.differences),
                next_step=f"firehose verify --region {plan.region} tells what to do about each",
            )
        if wrong := self.prove(live):
            raise CommandError(
                "\n".join(wrong),
                next_step=f"firehose logs --region {plan.region}, mend the integration, deploy"
                " again",
            )
        region.outcome = "deployed"

    def _at_stacks_version(self, live: LiveRegion) -> LiveRegion:
        """Move every alias to the version that the stack made.

        After a rollback, CloudFormation leaves an alias alone whose version did not change in the
        template: docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html.
        """
        plan, region = live.plan, self.regions[live.plan.region]
        region.wanted = {
            it.name: it.current.number if it.made_by_stack is None else it.made_by_stack
            for it in live.functions
        }
        behind = [it for it in live.functions if not it.serves_the_stacks_version]
        if not behind or live.rollouts:
            return live
        if plan.rollout != ALL_AT_ONCE:
            names = ", ".join(it.name for it in behind)
            raise CommandError(
                f"{plan.region}: {names}: the rollout {plan.rollout} did not move the alias,"
                " because the template did not change",
                next_step=f"firehose rollback --region {plan.region} --to"
                f" {behind[0].made_by_stack} moves it all at once; or deploy a change",
            )
        for it in behind:
            to = region.wanted[it.name]
            move_alias(live.session, it, to)
            say(f"{plan.region}: {it.name} is moved from version {it.current.number} to {to}")
        return LiveRegion(live.session, plan)

    def take_back(self, live: LiveRegion) -> None:
        """Point a region's aliases to the versions that they had before this run.

        Raises `CommandError` while CodeDeploy moves one: the CDK CLI has waited for ours to end.
        """
        plan = live.plan
        region = self.regions[plan.region]
        if live.rollouts:
            raise CommandError(
                f"{plan.region}: the alias stays where it is: somebody's rollout is under way"
                f" ({', '.join(live.rollouts)})",
                next_step=f"firehose rollback --region {plan.region} stops it and goes back",
            )
        for it in live.functions:
            version = region.before.get(it.name)
            if version is None:
                say(f"{plan.region}: {it.name} had no version before and stays")
            elif version != it.current.number or it.shifting_to:
                move_alias(live.session, it, version)
                say(f"{plan.region}: {it.name} is back at version {version}")
                region.outcome = "taken back"

    def _look(self, live: LiveRegion) -> None:
        self.regions[live.plan.region].now = live.versions

    def _confirm(self) -> list[CommandError]:
        """Look at every region that was deployed once more, after the last change anywhere."""
        deployed = [
            plan
            for wave in self.waves
            for plan in wave
            if self.regions[plan.region].outcome == "deployed"
        ]
        _, failures = self.in_regions(deployed, self._confirm_one)
        return failures

    def _confirm_one(self, live: LiveRegion) -> None:
        region = self.regions[live.plan.region]
        self._look(live)
        if region.now != region.wanted or any(it.shifting_to for it in live.functions):
            region.outcome = "failed"
            raise CommandError(
                f"{live.plan.region}: somebody else changed it meanwhile: it serves"
                f" {_shown(region.now)}, this run deployed {_shown(region.wanted)}",
                next_step="firehose status, then decide who goes on",
            )


def _shown(versions: Versions) -> str:
    return ", ".join(f"{name} version {number}" for name, number in versions.items()) or "nothing"
