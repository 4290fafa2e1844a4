"""`firehose registration`: the JSON that mParticle imports, and what it would object to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from firehose import ModuleRegistrationResponse, decode
from tests.running import Firehose
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import importable


def test_shipped_example_prints_a_registration_without_findings(firehose: Firehose) -> None:
    result = firehose("registration")

    assert (result.returncode, result.stderr) == (0, "")
    registration = decode(result.stdout, strict=True)
    assert isinstance(registration, ModuleRegistrationResponse)
    assert registration.name == "Acme"


def test_broken_rule_is_told_with_its_place_and_source(
    firehose: Firehose, refused: dict[str, str]
) -> None:
    result = firehose("registration", **refused)

    assert result.returncode == 1
    assert json.loads(result.stdout)["name"] == "Acme", "the registration is printed all the same"
    assert "error P1 $.permissions.partner_identities" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Next: ")


def test_findings_are_data_on_demand(firehose: Firehose, refused: dict[str, str]) -> None:
    result = firehose("registration", "--findings", "--format", "json", **refused)

    findings = {finding["id"]: finding for finding in json.loads(result.stdout)}
    assert findings["P1"]["severity"] == "error"
    assert set(findings["P1"]) == {"id", "severity", "path", "text", "source"}


def test_name_that_mparticle_has_stored_may_not_disappear(
    firehose: Firehose, refused: dict[str, str], tmp_path: Path
) -> None:
    before = tmp_path / "before.json"
    before.write_text(firehose("registration", **refused).stdout)

    result = firehose("registration", "--previous", str(before))

    assert result.returncode == 1
    assert "error P2" in result.stderr
    assert "or agree with mParticle on what breaks" in result.stderr.splitlines()[-1]


def test_harmless_change_is_told_and_passes(firehose_here: Firehose, tmp_path: Path) -> None:
    before = json.loads(firehose_here("registration").stdout)
    older = tmp_path / "before.json"
    older.write_text(json.dumps(before | {"version": "0.1"}))

    result = firehose_here("registration", "--previous", str(older))

    assert result.returncode == 0
    assert 'info C3 $.version: was "0.1", is ' in result.stderr


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        ("nonsense", "is not JSON"),
        ('{"type": "event_processing_request"}', "it is a event_processing_request"),
    ],
)
def test_unusable_previous_registration_is_wrong_usage(
    firehose: Firehose, tmp_path: Path, content: str | None, reason: str
) -> None:
    file = tmp_path / "before.json"
    if content is not None:
        file.write_text(content)

    result = firehose("registration", "--previous", str(file))

    assert (result.returncode, result.stdout) == (2, "")
    assert f"{file} cannot be used: " in result.stderr
    assert reason in result.stderr
    assert "Traceback" not in result.stderr


def test_missing_integration_is_told(firehose: Firehose, tmp_path: Path) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('name = "acme"\n[code]\nintegration = "nowhere:Acme"\n')

    result = firehose("registration", FIREHOSE_DEPLOYMENT=str(file))

    assert result.returncode == 1
    assert "no module nowhere in the package" in result.stderr


@pytest.mark.parametrize("command", [("registration",), ("sample",), ("play",)])
def test_error_of_the_partners_code_is_shown_from_their_line_on(
    firehose_here: FirehoseHere,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: tuple[str, ...],
) -> None:
    hooks = """
        def process_registration_request(self, request):
            return self.missing
    """
    name = importable(tmp_path, hooks, monkeypatch, name="acme_unregistered")
    file = tmp_path / "deployment.toml"
    file.write_text(f'name = "acme"\n[code]\nintegration = "{name}"\n')

    result = firehose_here(*command, "--deployment", str(file))

    assert (result.returncode, result.stdout) == (1, "")
    assert "the registration cannot be made" in result.stderr
    assert "in process_registration_request" in result.stderr
    assert "has no attribute 'missing'" in result.stderr
    assert "Next: mend what the last lines name" in result.stderr
    assert "workbench/" not in result.stderr
