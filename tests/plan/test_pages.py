"""What the pages say of the plan and the plan knows is the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from plan import names
from plan.capacity import capacity_of
from plan.cost import region_cost
from plan.deployment import Accounts, Deployment, Region
from plan.fields import TransportName
from plan.mparticle import DOCUMENTED_ACCOUNTS, PODS, REQUEST_DURATION_SECONDS, RETRIED_STATUSES
from plan.prices import LIST_PRICES
from plan.regions import regions
from plan.target import AWS
from tests.pages import ROOT, TRANSCRIPT, by_first_cell, rows

README = (ROOT / "README.md").read_text(encoding="utf-8")
# Maps of the file: what stands for their keys on the page, and the table below each entry, if any.
MAPS: dict[str, tuple[str, type[BaseModel] | None]] = {
    "accounts": ("POD", Accounts),
    "regions": ("REGION", Region),
    "environment": ("NAME", None),
    "tags": ("KEY", None),
}


def test_pods_of_the_readme_are_those_of_the_plan() -> None:
    *pods, everywhere = rows(README, "| pod | region |")

    assert pods == [
        [
            pod.name,
            pod.region,
            pod.account.number,
            "yes" if pod.account.confirmed else "no",
        ]
        for pod in PODS.values()
    ]
    assert everywhere[2] == ", ".join(account.number for account in DOCUMENTED_ACCOUNTS)


@pytest.mark.parametrize(
    ("said", "transports"),
    [("{} with\nthe defaults", ("lambda",)), ("{} with both transports", ("lambda", "https"))],
)
def test_quota_of_the_readme_is_what_quota_request_asks_for(
    said: str, transports: tuple[TransportName, ...]
) -> None:
    deployment = Deployment(name="acme", transports=transports)
    asked = {capacity_of(plan).account for plan in regions(deployment, target=AWS)}

    assert [f"{it:,}" for it in asked] == re.findall(said.format(r"([\d,]+)"), README)


def test_costs_on_the_pages_are_those_that_the_command_computes() -> None:
    page = (ROOT / "docs" / "capacity.md").read_text(encoding="utf-8")
    plan, *_ = regions(Deployment(name="acme"), target=AWS)
    cost = region_cost(plan, LIST_PRICES)
    both, *_ = regions(Deployment(name="acme", transports=("lambda", "https")), target=AWS)
    more = region_cost(both, LIST_PRICES).usd - cost.usd
    shown = {what: usd for what, (usd, _) in by_first_cell(page, "| what | USD a month |").items()}

    dear = [line for line in cost.lines if line.usd >= 50]
    assert shown == {line.usage.what: f"{line.usd:,.0f}" for line in dear}
    assert re.findall(r"About ([\d,]+) USD a month and region", README) == [
        f"{round(cost.usd, -2):,.0f}"
    ]
    assert re.findall(r"HTTPS adds ([\d,]+)", page) == [f"{round(more, -1):,.0f}"]


def test_transcript_names_the_day_of_the_prices() -> None:
    days = re.findall(r"list prices(?:,| of) ([\d-]+)", TRANSCRIPT.read_text(encoding="utf-8"))

    assert set(days) == {LIST_PRICES.as_of.isoformat()}


def test_transcript_asks_aws_for_calls_that_last_as_long_as_mparticle_advises() -> None:
    seconds = re.findall(r"Expected duration: (\d+) s at most", TRANSCRIPT.read_text("utf-8"))

    assert set(seconds) == {f"{REQUEST_DURATION_SECONDS}"}


def defaults(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Yield each key that a file may have, as the page writes it, with its default in TOML."""
    for key, field in model.model_fields.items():
        default = field.get_default(call_default_factory=True)
        if key in MAPS:
            placeholder, below = MAPS[key]
            if below:
                yield from defaults(below, f"{prefix}{key}.{placeholder}.")
            else:
                yield f"{prefix}{key}.{placeholder}", ""
        elif isinstance(default, BaseModel):
            yield from defaults(type(default), f"{prefix}{key}.")
        else:
            unset = default is None or default is PydanticUndefined
            yield f"{prefix}{key}", "" if unset else json.dumps(default)


def test_page_of_the_deployment_file_has_every_key_with_its_default() -> None:
    page = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    documented = {
        key.strip("`"): default.strip("`")
        for key, (default, _) in by_first_cell(page, "| key | default |").items()
    }

    assert documented == dict(defaults(Deployment))


def test_names_that_leave_the_account_are_written_as_they_are() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    written = {name: form for name, (form,) in by_first_cell(page, "| name | form |").items()}

    assert written["stack"] == f"`{names.stack_name('<name>', '<region>')}`"
    assert written["function"] == f"`{names.function_name('<name>')}`"
    assert written["alias"] == f"`{names.ALIAS}`"
    assert names.FUNCTION_ARN_OUTPUT in written["output"]
    assert names.ENDPOINT_URL_OUTPUT in written["output"]
    assert names.worker_name("<name>") in written["worker"]


@pytest.mark.parametrize("page", ["docs/delivery.md", "lambda_src/endpoint/front_door.py"])
def test_statuses_that_mparticle_repeats_are_those_of_the_plan(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    (listed,) = re.findall(r"mParticle tries again after ([\d, and]+\d)", text)

    assert {int(status) for status in re.findall(r"\d+", listed)} == RETRIED_STATUSES
