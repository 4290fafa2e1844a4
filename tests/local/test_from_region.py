"""A region of the embedded AWS measures itself, with a function that is there for that alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.local.delivery import Delivery


@pytest.mark.rehearsal
def test_region_measures_itself_and_nothing_of_the_probe_stays(
    delivery: Delivery, tmp_path: Path
) -> None:
    region, report = "ap-southeast-2", str(tmp_path / "proof.json")

    result = delivery.cloud.run(
        *("firehose", "verify", "--region", region, "--from-region", "--report", report),
        *("--rate", "3", "--seconds", "2"),
    )

    assert result.returncode == 1, "12 calls prove nothing"
    assert f"{region}: 12 calls, 3 a second for 2 s: at most 0.00 USD" in result.stderr
    assert f"{region}: this is the embedded AWS, whose times say nothing" in result.stderr
    assert re.search(rf"{region}: lambda: .* of 6 answers within 200 ms", result.stderr)
    assert re.search(rf"{region}: https: .* of 6 answers within 100 ms", result.stderr)
    functions = delivery.client("lambda", region).list_functions()["Functions"]
    roles = delivery.client("iam", region).list_roles()["Roles"]
    assert not [it for it in functions if "probe" in it["FunctionName"]]
    assert not [it for it in roles if "probe" in it["RoleName"]]
