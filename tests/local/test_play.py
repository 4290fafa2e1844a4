"""`firehose play --target local`: a day against the packaged functions; their API is in trouble."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.local.cloud import Cloud
from tests.local.documented import records


@pytest.mark.rehearsal
def test_day_against_the_packaged_functions_loses_nothing_that_a_queue_can_keep(
    tmp_path: Path,
) -> None:
    file, script = tmp_path / "deployment.toml", tmp_path / "service.toml"
    file.write_text(
        'name = "played"\npods = ["EU1"]\ntransports = ["lambda", "https"]\n'
        '[environment]\nPARTNER_API_URL = "https://api.acme.example"\n'
    )
    # Not for subscriptions: the integration itself has to answer them, so nothing keeps one.
    script.write_text('[[answer]]\npath = "/[em]*"\nshare = 0.2\nstatus = 503\nretry_after = 1\n')

    cloud = Cloud(environment={**os.environ, "FIREHOSE_DEPLOYMENT": str(file)}, assembly=tmp_path)
    result = cloud.run(
        *("firehose", "play", "--target", "local", "--messages", "60", "--minutes", "0.2"),
        *("--seed", "3", "--script", str(script), "--format", "json"),
    )

    assert result.returncode == 0, result.stderr
    rows = records("play", result.stdout)
    assert {row["transport"] for row in rows} == {"lambda", "https"}
    for row in rows:
        assert row["sent"] == row["acknowledged"]
        assert row["family"] == "checks" or row["delivered"] == row["sent"]
        assert row["duplicated"] == 0
