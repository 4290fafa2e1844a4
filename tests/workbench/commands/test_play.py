"""`firehose play`: a day of mParticle, and the ledger of what became of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from local.service_calls import Behaviour, ReceivedCall
from local.stand_in import stand_in
from tests.local.documented import records
from tests.running import Ran
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import importable, message_of

CALLING = """
    def process_registration_request(self, request):
        key = TextSetting(id="key", name="Key")
        return ModuleRegistrationResponse(
            name="Acme", version="1", description="",
            event_processing_registration=EventProcessingRegistration(
                account_settings=[key],
                supported_event_types=[EventType.CUSTOM_EVENT],
                supported_runtime_environments=[RuntimeEnvironmentType.IOS],
            ),
            audience_processing_registration=AudienceProcessingRegistration(
                account_settings=[key]
            ),
        )

    def send(self, path, request):
        key = request.account.text_setting("key").reveal()
        body = '{"id": "%s", "key": "%s"}' % (request.id, key)
        status = post(os.environ["ACME_URL"] + path, body)
        if status == 401:
            raise InvalidCredentials("no")
        if status >= 400:
            raise RetryableError("later")

    def process_event_processing_request(self, request):
        if not request.is_idle:
            self.send("/events", request)
        return super().process_event_processing_request(request)

    def process_audience_membership_change_request(self, request):
        self.send("/memberships", request)
        return super().process_audience_membership_change_request(request)
"""
QUICK = ("--messages", "40", "--customers", "2", "--seed", "5")
MEMBERSHIPS = 'path = "/memberships"\n'


@pytest.fixture(autouse=True)
def deployment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Configure an integration that calls its API for each message, in one region."""
    return configured(tmp_path, CALLING, monkeypatch, name="acme_played")


def configured(
    tmp_path: Path, hooks: str, monkeypatch: pytest.MonkeyPatch, *, name: str, more: str = ""
) -> Path:
    integration = importable(tmp_path, hooks, monkeypatch, name=name)
    file = tmp_path / "deployment.toml"
    file.write_text(
        f'name = "acme"\npods = ["US1", "US2"]\ntransports = ["lambda", "https"]\n'
        f'[code]\nintegration = "{integration}"\n'
        f'[environment]\nACME_URL = "https://api.acme.example"\n{more}'
    )
    monkeypatch.setenv("FIREHOSE_DEPLOYMENT", str(file))
    return file


def script(folder: Path, rules: str) -> str:
    file = folder / "service.toml"
    file.write_text(f"[[answer]]\n{rules}")
    return str(file)


def rows(result: Ran) -> list[dict[str, Any]]:
    return records("play", result.stdout)


def total(result: Ran, fact: str) -> int:
    return sum(row[fact] or 0 for row in rows(result))


def test_ledger_has_each_pod_transport_family_and_customer_and_nothing_is_lost(
    firehose_here: FirehoseHere,
) -> None:
    result = firehose_here("play", *QUICK, "--format", "json")

    assert result.returncode == 0, result.stderr
    ledger = rows(result)
    assert {(row["pod"], row["transport"]) for row in ledger} == {
        ("US1", "lambda"),
        ("US2", "https"),
    }
    assert {row["family"] for row in ledger} == {"events", "audiences", "checks"}
    assert total(result, "sent") == total(result, "acknowledged") == total(result, "delivered")
    assert all(0 <= row["p50_ms"] <= row["p99_ms"] for row in ledger)
    assert "Nothing is lost: " in result.stderr


def test_same_seed_gives_the_same_ledger_but_for_times(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Inline: on a busy machine the budget of what overflows may end, which is another call.
    inline = '[processing]\nevents = "inline"\n'
    configured(tmp_path, CALLING, monkeypatch, name="acme_repeated", more=inline)
    trouble = script(tmp_path, "share = 0.3\nstatus = 401")
    first, again = (
        [
            {name: it for name, it in row.items() if not name.endswith("_ms")}
            for row in rows(firehose_here("play", *QUICK, "--script", trouble, "--format", "json"))
        ]
        for _ in range(2)
    )

    assert first == again
    assert sum(row["refused"] for row in first) > 0


def test_hours_without_the_service_lose_nothing_and_take_no_hours(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    outage = script(tmp_path, "from = 08:00:00\nuntil = 13:30:00\nstatus = 503")

    result = firehose_here("play", *QUICK, "--script", outage, "--format", "json")

    assert result.returncode == 0, result.stderr
    assert total(result, "delivered") == total(result, "sent")
    assert total(result, "duplicated") == 0


def test_inline_audience_whose_key_is_refused_is_suspended_and_resumed(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configured(
        tmp_path,
        CALLING,
        monkeypatch,
        name="acme_suspended",
        more='[processing]\naudiences = "inline"\n',
    )
    refusing = script(tmp_path, f'{MEMBERSHIPS}has = "made-up-value-1000"\nstatus = 401')

    result = firehose_here(
        "play", "--messages", "80", "--seed", "5", "--script", refusing, "--format", "json"
    )

    assert "The audiences of 1000 were suspended " in result.stderr
    withheld = {row["account"]: row["withheld"] for row in rows(result) if row["withheld"]}
    assert set(withheld) == {1000}
    assert (result.returncode, total(result, "lost")) == (0, 0)


def test_errors_that_the_integration_swallows_are_a_loss_and_end_with_code_1(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    swallowing = CALLING.replace('raise RetryableError("later")', "pass")
    configured(tmp_path, swallowing, monkeypatch, name="acme_swallows")
    failing = script(tmp_path, "from = 12:00:00\nuntil = 13:00:00\nstatus = 500")

    file = tmp_path / "lost.jsonl"

    result = firehose_here(
        *("play", *QUICK, "--script", failing, "--lost", str(file), "--format", "json")
    )

    lost = total(result, "lost")
    assert result.returncode == 1
    assert len(file.read_text().splitlines()) == lost
    assert file.stat().st_mode & 0o077 == 0, "messages are for nobody else"
    assert firehose_here("try", str(file)).returncode == 0
    assert lost > 0
    assert f"{lost} lost: taken for delivered, though the service refused every" in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Next: ")


def test_recorded_messages_are_those_that_are_registered_with_settings_made_up(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    record = tmp_path / "record.jsonl"
    content = message_of("event_processing_request")
    content["account"]["account_settings"] = {"key": "canary-key"}
    erasure = message_of("dsr_processing_request")
    record.write_text("\n".join(json.dumps(it) for it in (content, erasure)))

    result = firehose_here("play", str(record), "--format", "json")

    assert result.returncode == 0, result.stderr
    assert [(row["family"], row["sent"]) for row in rows(result)] == [("events", 1)]
    assert "canary" not in result.stdout + result.stderr


def test_url_is_played_in_hurried_time_and_only_its_answers_are_known(
    firehose_here: FirehoseHere,
) -> None:
    registration = firehose_here("registration").stdout

    def endpoint(call: ReceivedCall) -> Behaviour:
        request = json.loads(call.body)
        if request["type"] == "module_registration_request":
            return Behaviour(body=registration.encode())
        kind = request["type"].replace("_request", "_response")
        return Behaviour(body=json.dumps({"type": kind, "id": request["id"]}).encode())

    with stand_in(endpoint) as running:
        result = firehose_here(
            *("play", *QUICK, "--url", running.url, "--minutes", "0.01", "--format", "json")
        )

    assert result.returncode == 0, result.stderr
    assert {row["transport"] for row in rows(result)} == {"https"}
    assert total(result, "acknowledged") == total(result, "sent") == len(running.received) - 2
    assert {row["delivered"] for row in rows(result)} == {None}
    assert {call.path for call in running.received} == {"/registration", "/events", "/audiences"}
    assert "messages about made-up people are sent" in result.stderr


def test_table_fits_100_columns(firehose_here: FirehoseHere) -> None:
    result = firehose_here("play", *QUICK)

    lines = result.stdout.splitlines()
    assert max(len(line.rstrip()) for line in lines) <= 100
    assert lines[1].split()[:4] == ["pod", "account", "family", "sent"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("nowhere.json",), "nowhere.json: No such file"),
        (("--script", "nowhere.toml"), "--script: nowhere.toml cannot be used"),
        (("--region", "eu-west-1"), "found eu-west-1"),
        (("--url", "http://127.0.0.1:1", "--script", "SCRIPT"), "what is live calls yours"),
        (("--url", "acme.example"), "--url: found acme.example"),
    ],
)
def test_wrong_usage_names_what_was_found_and_a_next_step(
    firehose_here: FirehoseHere,
    tmp_path: Path,
    arguments: tuple[str, ...],
    text: str,
) -> None:
    named = [it.replace("SCRIPT", script(tmp_path, "status = 500")) for it in arguments]

    result = firehose_here("play", *named)

    assert (result.returncode, result.stdout) == (2, "")
    assert text in result.stderr
    assert "Next: " in result.stderr


def test_record_without_id_and_time_is_wrong_usage(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    file = tmp_path / "record.json"
    file.write_text('{"type": "event_processing_request"}')

    result = firehose_here("play", str(file))

    assert result.returncode == 2
    assert "record is no request of mParticle's with type, id and timestamp_ms" in result.stderr
