"""`firehose try --record`: a golden case with nobody's credentials in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.workbench.commands.trying.tried import ADDRESS, KEY
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import importable, message_of

KEEPING_DAYS = """
    def process_registration_request(self, request):
        days = IntegerSetting(id="keepDays", name="Days")
        events = EventProcessingRegistration(event_connection_settings=[days])
        return ModuleRegistrationResponse(
            name="Acme", version="1", event_processing_registration=events
        )

    def process_event_processing_request(self, request):
        request.account.integer_setting("keepDays")
        return super().process_event_processing_request(request)
"""


def test_recorded_case_has_no_credentials_and_is_golden_at_once(
    firehose_here: FirehoseHere, batch: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "golden"

    result = firehose_here("try", str(batch), "--answer", "500", "--record", str(folder))

    assert result.returncode == 0, result.stderr
    assert sorted(file.name for file in folder.iterdir()) == [
        "batch-500.golden.json",
        "batch-500.json",
    ]
    recorded = (folder / "batch-500.json").read_text()
    assert json.loads(recorded)["account"]["account_settings"] == {"apiKey": "test-apiKey"}
    assert KEY not in recorded + (folder / "batch-500.golden.json").read_text()
    golden = json.loads((folder / "batch-500.golden.json").read_text())
    assert golden["calls"][0]["answer"] == {"status": 500}
    assert golden["calls"][0]["body"] == {"who": ADDRESS}


def test_number_that_a_connection_asks_for_is_recorded_as_a_number(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = importable(tmp_path, KEEPING_DAYS, monkeypatch, name="acme_keeping")
    file = tmp_path / "deployment.toml"
    file.write_text(f'name = "acme"\n[code]\nintegration = "{name}"\n')
    content = message_of("event_processing_request")
    content["account"]["account_settings"] = {"keepDays": "30", "apiKey": KEY}
    message, folder = tmp_path / "batch.json", tmp_path / "golden"
    message.write_text(json.dumps(content))

    result = firehose_here("try", str(message), "--record", str(folder))

    assert result.returncode == 0, result.stderr
    recorded = json.loads((folder / "batch.json").read_text())
    assert recorded["account"]["account_settings"] == {"keepDays": "30", "apiKey": "test-apiKey"}
    again = firehose_here("try", str(folder / "batch.json"))
    assert again.returncode == 0, again.stdout


def test_address_that_may_be_somebodys_is_not_recorded(
    firehose_here: FirehoseHere, batch: Path, tmp_path: Path
) -> None:
    batch.write_text(batch.read_text().replace("example.com", "real-company.com"))

    result = firehose_here("try", str(batch), "--record", str(tmp_path / "golden"))

    assert result.returncode == 1
    assert "Next: put addresses at example.com into" in result.stderr
    assert "real-company" not in result.stderr
    assert not (tmp_path / "golden").exists()
