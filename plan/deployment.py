"""The partner's choices: deployment.toml, its defaults and rules."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, Strict, ValidationInfo, field_validator

from plan import mparticle, names
from plan.alarm_recipients import AlarmRecipients
from plan.delivery import (
    FAMILIES,
    VISIBILITY_TIMEOUTS,
    DeliveryChoices,
    FamilyName,
    Mode,
    Processing,
    Queue,
    Worker,
)
from plan.fields import (
    AccountNumber,
    AccountNumbers,
    Environment,
    Name,
    PodName,
    RegionName,
    Table,
    Tags,
    Transports,
    chosen,
    fits,
)
from plan.file import read
from plan.function import Code, Function, can_snap_start
from plan.https import Domain, Https
from plan.logs import Logs
from plan.problems import refusal
from plan.rollout import Rollout
from plan.traffic import Traffic


class Accounts(Table):
    """Changes to the mParticle accounts that may invoke the endpoint in one pod's region."""

    confirmed: AccountNumbers = ()
    """Accounts of the plan that mParticle confirmed to you for this pod."""
    extra: AccountNumbers = ()
    """Further accounts that mParticle named to you."""
    removed: AccountNumbers = ()
    """Accounts of the plan that mParticle told you not to grant."""

    @field_validator("removed")
    @classmethod
    def _not_also_wanted(cls, removed: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        wanted = {*info.data.get("confirmed", ()), *info.data.get("extra", ())}
        if both := sorted(wanted.intersection(removed)):
            raise refusal(f"no account that is also confirmed or extra, as {', '.join(both)} is")
        return removed


class Region(Table):
    """What differs in one region."""

    environment: Environment = Field(default_factory=dict)
    """Added to, or in place of, the variables of the top-level `environment`."""
    domain: Domain | None = None
    """The HTTPS endpoint's own name; unset, the API's."""


class Deployment(Table):
    """A partner's deployment.toml."""

    name: Name
    """Prefix of every stack and function; part of the ARNs, so frozen once mParticle has them."""
    account: AccountNumber | None = None
    """The partner's AWS account; unset, that of the credentials in use."""
    pods: Annotated[tuple[PodName, ...], Strict(False), AfterValidator(chosen)] = tuple(
        mparticle.PODS
    )
    """mParticle's data centres to serve; regions and invoking accounts follow from them."""
    code: Code = Code()
    transports: Transports = ("lambda",)
    """How mParticle calls: it invokes a function, posts to an HTTPS endpoint, or both."""
    processing: Processing = Processing()
    function: Function = Function()
    delivery: DeliveryChoices = DeliveryChoices()
    worker: Worker = Worker()
    queue: Queue = Queue()
    https: Https = Https()
    rollout: Rollout = Rollout()
    traffic: Traffic = Traffic()
    alarms: AlarmRecipients = AlarmRecipients()
    logs: Logs = Logs()
    environment: Environment = Field(default_factory=dict)
    """Environment variables of the function in every region; no credentials."""
    accounts: dict[PodName, Accounts] = Field(default_factory=dict)
    regions: dict[RegionName, Region] = Field(default_factory=dict)
    tags: Tags = Field(default_factory=dict)

    @property
    def queued(self) -> tuple[FamilyName, ...]:
        """The families that are queued; another artifact has none."""
        return self._families("queued")

    @property
    def has_queue(self) -> bool:
        """Whether there is a queue with a worker; another artifact has none."""
        return self.code.is_ours and bool(self.queued or self.overflowing or self.queue.keep)

    @property
    def overflowing(self) -> tuple[FamilyName, ...]:
        """The families that are inline within a budget; another artifact has none."""
        return self._families("overflow")

    def _families(self, mode: Mode) -> tuple[FamilyName, ...]:
        if not self.code.is_ours:
            return ()
        return tuple(family for family in FAMILIES if self.processing.mode_of(family) == mode)

    @field_validator("transports")
    @classmethod
    def _ours_behind_https(
        cls, transports: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        code = info.data.get("code")
        if "https" in transports and code is not None and not code.is_ours:
            raise refusal('["lambda"], because code.path is another artifact')
        return transports

    @field_validator("processing")
    @classmethod
    def _only_ours_is_queued(cls, processing: Processing, info: ValidationInfo) -> Processing:
        code = info.data.get("code")
        for family in FAMILIES:
            chosen = family in processing.model_fields_set and getattr(processing, family)
            if chosen in ("queued", "overflow") and code is not None and not code.is_ours:
                raise refusal(
                    "inline, because the worker runs our package only and code.path is another"
                    " artifact",
                    key=family,
                    found=str(chosen),
                )
        return processing

    @field_validator("queue")
    @classmethod
    def _visible_no_sooner(cls, queue: Queue, info: ValidationInfo) -> Queue:
        worker = info.data.get("worker")
        least = VISIBILITY_TIMEOUTS * worker.timeout_seconds if worker else 0
        if queue.visibility_seconds is not None and queue.visibility_seconds < least:
            raise refusal(
                f"at least {VISIBILITY_TIMEOUTS} times worker.timeout_seconds, {least}",
                key="visibility_seconds",
                found=str(queue.visibility_seconds),
            )
        return queue

    @field_validator("function")
    @classmethod
    def _runtime_can_snap_start(cls, function: Function, info: ValidationInfo) -> Function:
        code = info.data.get("code")
        if function.snap_start and code is not None and not can_snap_start(code.runtime):
            raise refusal(
                f"false with {code.runtime}: SnapStart needs Python 3.12, Java 11 or newer",
                key="snap_start",
                found="true",
            )
        return function

    @field_validator("accounts")
    @classmethod
    def _about_chosen_pods(
        cls, accounts: dict[str, Accounts], info: ValidationInfo
    ) -> dict[str, Accounts]:
        pods = info.data.get("pods", tuple(mparticle.PODS))
        for pod in accounts:
            if pod not in pods:
                raise refusal(
                    f"a pod of this deployment: {', '.join(pods)}", key=pod, found="a table"
                )
        return accounts

    @field_validator("accounts")
    @classmethod
    def _known_accounts(cls, accounts: dict[str, Accounts]) -> dict[str, Accounts]:
        for pod, changes in accounts.items():
            known = {mparticle.PODS[pod].account.number} | {
                account.number for account in mparticle.DOCUMENTED_ACCOUNTS
            }
            for key in ("confirmed", "removed"):
                if unknown := sorted(set(getattr(changes, key)) - known):
                    raise refusal(
                        f"accounts that the plan grants for {pod}: {', '.join(sorted(known))}",
                        key=f"{pod}.{key}",
                        found=", ".join(unknown),
                    )
        return accounts

    @field_validator("regions")
    @classmethod
    def _about_chosen_regions(
        cls, regions: dict[str, Region], info: ValidationInfo
    ) -> dict[str, Region]:
        pods = info.data.get("pods", tuple(mparticle.PODS))
        chosen = dict.fromkeys(mparticle.PODS[pod].region for pod in pods)
        for region in regions:
            if region not in chosen:
                allowed = f"a region of this deployment: {', '.join(chosen)}"
                raise refusal(allowed, key=region, found="a table")
        return regions

    @field_validator("regions")
    @classmethod
    def _environments_fit(
        cls, regions: dict[str, Region], info: ValidationInfo
    ) -> dict[str, Region]:
        for region, choices in regions.items():
            merged = {**info.data.get("environment", {}), **choices.environment}
            fits(merged, key=f"{region}.environment")
        return regions

    @field_validator("regions")
    @classmethod
    def _certificates_at_home(cls, regions: dict[str, Region]) -> dict[str, Region]:
        for region, choices in regions.items():
            domain = choices.domain
            if domain and domain.certificate_region != region:
                raise refusal(
                    f"a certificate in {region}, as API Gateway demands",
                    key=f"{region}.domain.certificate_arn",
                    found=domain.certificate_arn,
                )
        return regions


def deployment_file(environment: Mapping[str, str]) -> Path:
    """Give the deployment file that `FIREHOSE_DEPLOYMENT` names; deployment.toml when unset."""
    return Path(environment.get(names.DEPLOYMENT_VARIABLE, names.DEPLOYMENT_FILE))


def load(path: Path) -> Deployment:
    """Read a deployment file.

    Raises `DeploymentError` with everything that is wrong with it.
    """
    return read(path, Deployment)
