"""mParticle's token, as it was sent, into Secrets Manager of every region."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cloud.regions import aws_failures, session_in
from console.interruption import stop_on_ctrl_c
from console.outcomes import finish
from console.output import Format, Record, say, write
from firehose.secret import Secret
from ops.live.every_region import in_live_regions
from ops.live.region import LiveRegion
from ops.tokens.sent import decrypted_token, is_encrypted, plain_token
from ops.tokens.versions import Stored, planned_urls, read_versions, store
from plan.names import token_key_name
from plan.region_plan import RegionPlan


def token_of(sent: bytes, deployment: Path, word: int | None) -> Secret:
    """Give the token that was sent, encrypted or not."""
    return encrypted_token(sent, deployment, word) if is_encrypted(sent) else plain_token(sent)


def encrypted_token(sent: bytes, deployment: Path, word: int | None) -> Secret:
    """Decrypt what was sent with the deployment's key."""
    from ops.tokens.key import decrypt  # noqa: PLC0415 - imports OpenPGP, for few commands

    first = key_region(deployment)
    where, name = first.region, token_key_name(first.name)
    with aws_failures(where):
        session = session_in(where)
        return decrypted_token(sent, lambda message: decrypt(session, name, message), word=word)


def key_region(deployment: Path) -> RegionPlan:
    """Give the region that has the key: the first that has a URL."""
    return planned_urls(deployment, None)[0]


def store_everywhere(
    plans: Sequence[RegionPlan], token: Secret, *, command: str, form: Format
) -> None:
    """Store a token in every region, show how that went, and how to repeat the `command`."""
    say(f"Storing the token in {', '.join(plan.region for plan in plans)} …")

    def work(live: LiveRegion) -> tuple[Stored, int]:
        return store(live, token), read_versions(live).valid

    with stop_on_ctrl_c():  # what is begun in a region is finished there
        found, failures = in_live_regions(plans, work)
    rows: list[Record] = [
        {"region": plan.region, "outcome": outcome, "valid": valid}
        for plan, (outcome, valid) in found
    ]
    write(rows, form=form)
    finish(failures, missing(plans, [plan for plan, _ in found], command))
    say("Running endpoints take it over within a minute. Next: firehose token status")


def missing(plans: Sequence[RegionPlan], done: Sequence[RegionPlan], command: str) -> list[str]:
    """Say which regions a command left out, and how to repeat it for just those."""
    left = [plan.region for plan in plans if plan not in done]
    if not left:
        return []
    options = " ".join(f"--region {region}" for region in left)
    return [f"Not done: {', '.join(left)}\nNext: firehose token {command} {options}"]
