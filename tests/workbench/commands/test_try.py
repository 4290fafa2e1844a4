"""`firehose try`: what a message does, shown without anybody's secrets."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from local.service_calls import always
from local.stand_in import stand_in
from plan.names import DEPLOYMENT_VARIABLE
from tests.border import DEPLOYMENT
from tests.local.documented import records
from tests.workbench.conftest import FirehoseHere
from tests.workbench.partner_code import MESSAGES, importable, message_of

ROOT = Path(__file__).parents[3]
KEY, ADDRESS = "canary-key", "canary@example.com"
HOOKS = """
    def process_event_processing_request(self, request):
        for identity in request.user_identities:
            post(os.environ["ACME_URL"] + "/events", '{"who": "%s"}' % identity.value.reveal())
        print("a line of mine about", identity.value.reveal())
        return super().process_event_processing_request(request)

    def process_dsr_processing_request(self, request):
        status = post(os.environ["ACME_URL"] + "/erasures", b"{}")
        if status == 401:
            raise InvalidCredentials("no")
        if status == 429:
            raise RetryableError("later", retry_after_seconds=30)
        return super().process_dsr_processing_request(request)

    def process_audience_subscription_request(self, request):
        raise KeyError("a bug of " + request.account.text_setting("apiKey").reveal())

    def process_audience_membership_change_request(self, request):
        try:
            urllib.request.urlopen("http://api.acme.example/x", timeout=1)
        except OSError as error:
            raise RetryableError("not reached") from error
"""
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


@pytest.fixture(autouse=True)
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Configure an integration that calls its API."""
    configure(tmp_path, HOOKS, monkeypatch, name="acme_tried")


def configure(tmp_path: Path, hooks: str, monkeypatch: pytest.MonkeyPatch, *, name: str) -> Path:
    """Configure an integration; give its deployment file."""
    name = importable(tmp_path, hooks, monkeypatch, name=name)
    file = tmp_path / "deployment.toml"
    file.write_text(
        f'name = "acme"\n[code]\nintegration = "{name}"\n'
        '[environment]\nACME_URL = "https://api.acme.example/v1"\n'
        # Inline: on a busy machine the budget of what overflows may end.
        '[processing]\nevents = "inline"\n'
    )
    monkeypatch.setenv("FIREHOSE_DEPLOYMENT", str(file))
    return file


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """Give an event batch of a user with a key, as mParticle sends it."""
    content = message_of("event_processing_request")
    content["account"] = {"account_id": 1, "account_settings": {"apiKey": KEY}}
    content["user_identities"] = [{"type": "email", "encoding": "raw", "value": ADDRESS}]
    file = tmp_path / "batch.json"
    file.write_text(json.dumps(content))
    return file


def tried(result: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """Parse the one trial of an output, which has the keys that the page promises."""
    (trial,) = records("try", result.stdout)
    return trial


def test_one_message_shows_hooks_calls_response_time_and_memory(
    firehose_here: FirehoseHere, batch: Path
) -> None:
    trial = tried(firehose_here("try", str(batch), "--format", "json"))

    assert trial["hooks"][0] == "process_event_processing_request"
    assert "process_custom_event" in trial["hooks"]
    assert [(call["method"], call["url"], call["body"]) for call in trial["calls"]] == [
        ("POST", "https://api.acme.example/v1/events", {"who": "<email>"})
    ]
    assert trial["response"]["id"] == message_of("event_processing_request")["id"]
    assert (trial["failure"], trial["worker"]) == (None, None)
    assert trial["milliseconds"] > 0
    assert trial["allocated_kib"] > 0
    assert trial["log"][0] == "a line of mine about <email>"


def test_call_of_a_region_goes_to_the_regions_own_address(
    firehose_here: FirehoseHere, batch: Path
) -> None:
    with Path(os.environ["FIREHOSE_DEPLOYMENT"]).open("a") as file:
        file.write("[regions.eu-central-1.environment]\nACME_URL = 'https://eu.acme.example'\n")

    urls = [
        tried(firehose_here("try", str(batch), "--region", region, "--format", "json"))["calls"][0][
            "url"
        ]
        for region in ("us-east-1", "eu-central-1")
    ]

    assert urls == ["https://api.acme.example/v1/events", "https://eu.acme.example/events"]


def test_nothing_secret_is_shown_in_any_form(firehose_here: FirehoseHere, batch: Path) -> None:
    for form in ("table", "json", "markdown"):
        result = firehose_here("try", str(batch), "--format", form)
        assert result.returncode == 0
        assert KEY not in result.stdout + result.stderr
        assert ADDRESS not in result.stdout + result.stderr
    shown = firehose_here("try", str(batch), "--identities").stdout
    assert f'"who": "{ADDRESS}"' in shown
    assert KEY not in shown


def test_settings_of_a_test_customer_take_the_place_of_the_messages(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    entered = tmp_path / "customer.json"
    entered.write_text(json.dumps({"apiKey": "canary-real"}))
    content = message_of("audience_subscription_request")
    content["account"] = {"account_settings": {"apiKey": KEY}}
    file = tmp_path / "subscription.json"
    file.write_text(json.dumps(content))

    result = firehose_here("try", str(file), "--settings", str(entered))

    assert "a bug of <apiKey>" in result.stdout, "the hook raises with the key it was given"
    assert "canary-real" not in result.stdout + result.stderr


def test_bug_is_shown_with_its_place_and_ends_with_code_1(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    content = message_of("audience_subscription_request")
    content["account"] = {"account_settings": {"apiKey": KEY}}
    file = tmp_path / "subscription.json"
    file.write_text(json.dumps(content))

    result = firehose_here("try", str(file))

    assert result.returncode == 1
    assert "acme_tried.py" in result.stdout
    assert "KeyError" in result.stdout
    assert "a function error: KeyError" in result.stdout
    assert "endpoint/answering.py" not in result.stdout
    assert KEY not in result.stdout + result.stderr
    assert "1 of 1 went wrong: subscription" in result.stderr


@pytest.mark.parametrize(
    ("options", "worker", "error", "seconds"),
    [
        ((), "delivered", None, 0),
        (("--answer", "401"), "rejected", "InvalidCredentials", 0),
        (("--answer", "429"), "retried", "RetryableError", 30),
    ],
)
def test_queued_message_shows_what_the_worker_does_with_an_answer(
    firehose_here: FirehoseHere,
    options: tuple[str, ...],
    worker: str,
    error: str | None,
    seconds: int,
) -> None:
    file = MESSAGES / "dsr_processing_request.json"
    result = firehose_here("try", str(file), *options, "--format", "json")

    trial = tried(result)
    assert result.returncode == 0, "the integration named the failure itself"
    assert trial["response"]["type"] == "dsr_processing_response"
    assert (trial["worker"], trial["worker_error"]) == (worker, error)
    assert trial["worker_retry_seconds"] == seconds


def test_connection_to_another_host_is_refused_with_the_next_step(
    firehose_here: FirehoseHere,
) -> None:
    result = firehose_here("try", str(MESSAGES / "audience_membership_change_request.json"))

    assert result.returncode == 1
    assert "refused: a connection to api.acme.example" in result.stdout
    assert "wanted to reach api.acme.example" in result.stderr
    assert "Next: put the base URL into [environment]" in result.stderr


def test_live_calls_reach_the_service_that_the_environment_names(
    firehose_here: FirehoseHere, batch: Path, tmp_path: Path
) -> None:
    with stand_in(always("ok")) as real:
        file = tmp_path / "deployment.toml"
        file.write_text(file.read_text().replace("https://api.acme.example", real.url))
        trial = tried(firehose_here("try", str(batch), "--live", "--format", "json"))

    assert [call.path for call in real.received] == ["/v1/events"]
    assert ADDRESS in real.received[0].body.decode()
    assert trial["calls"][0]["body"] == {"who": "<email>"}
    assert trial["allocated_kib"] is None, "that would call the real service again"


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


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("nowhere.json",), "nowhere.json: No such file"),
        (("docs/adr",), "there is no message"),
        (("ops/proof", "--answer", "maybe"), "--answer: found maybe"),
        (("-", "--watch"), "standard input does not change"),
        (("ops/proof", "--watch", "--record", "golden"), "would be a change each time"),
        (("ops/proof", "--region", "eu-west-1"), "found eu-west-1"),
    ],
)
def test_wrong_usage_is_told(
    firehose_here: FirehoseHere, arguments: tuple[str, ...], text: str
) -> None:
    result = firehose_here("try", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert text in result.stderr
    assert "Next: " in result.stderr
    assert "Traceback" not in result.stderr


def test_unreadable_message_shows_what_mparticle_sees(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"type": "nothing"}')

    result = firehose_here("try", str(file))

    assert result.returncode == 1
    assert "a function error: InvalidMessage: $.type: is not a known type" in result.stdout


def test_standard_input_may_hold_one_message_or_one_a_line(firehose_here: FirehoseHere) -> None:
    batch, idle = (
        message_of("event_processing_request"),
        message_of("event_processing_request_idle"),
    )
    lines = "\n".join(json.dumps(content) for content in (idle, idle)).encode()

    one = firehose_here("try", "-", "--format", "json", stdin=json.dumps(batch, indent=1).encode())
    two = firehose_here("try", "-", "--format", "json", stdin=lines)

    assert [trial["message"] for trial in json.loads(one.stdout)] == ["stdin"]
    assert [trial["message"] for trial in json.loads(two.stdout)] == ["stdin-1", "stdin-2"]


def test_watched_message_is_tried_again_after_a_change(tmp_path: Path) -> None:
    file = tmp_path / "idle.json"
    file.write_text(json.dumps(message_of("event_processing_request_idle")))
    process = subprocess.Popen(
        [sys.executable, "-m", "cli", "try", str(file), "--watch", "--format", "markdown"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(tmp_path),
            DEPLOYMENT_VARIABLE: str(DEPLOYMENT),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stderr
        assert "Watching lambda_src" in process.stderr.readline()
        changed = file.read_text().replace("event_processing_request", "dsr_processing_request")
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline and not select.select([process.stderr], [], [], 0.5)[0]:
            file.write_text(changed)  # again, if the watch had not begun
        assert "== Changed: idle.json" in process.stderr.readline() + process.stderr.readline()
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate(timeout=20)
    finally:
        process.kill()

    assert "event_processing_request" in shown
    assert (process.returncode, said.splitlines()[-1]) == (0, "Stopped watching.")


def test_verdict_names_what_is_printed_and_that_nothing_tells_a_repetition(
    firehose_here: FirehoseHere, batch: Path
) -> None:
    fine = firehose_here("try", str(batch))
    strict = firehose_here("try", str(batch), "--strict", "--format", "json")

    objections = ["an identity is printed", "POST /v1/events has no idempotency key"]
    assert fine.returncode == 0
    assert "verdict: an identity is printed; POST /v1/events has no" in fine.stdout
    assert strict.returncode == 1
    for objection, begins in zip(tried(strict)["verdict"], objections, strict=True):
        assert objection.startswith(begins)
    assert "--strict: 1 of 1 have objections: batch" in strict.stderr
    assert strict.stderr.splitlines()[-1].startswith("Next: ")


def test_verdict_names_a_credential_that_is_printed_and_one_that_is_refused(
    firehose_here: FirehoseHere, batch: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            print(request.account.text_setting("apiKey").reveal())
            raise InvalidCredentials("no")
    """
    configure(tmp_path, hooks, monkeypatch, name="acme_talks")

    trial = tried(firehose_here("try", str(batch), "--format", "json"))

    assert trial["verdict"] == [
        "a credential is printed",
        "InvalidCredentials: for mParticle, the customer's settings are wrong",
    ]


def test_verdict_names_an_answer_that_comes_too_late(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            import time
            time.sleep(1.1)
            return super().process_event_processing_request(request)
    """
    file = configure(tmp_path, hooks, monkeypatch, name="acme_slow")
    file.write_text(f"{file.read_text()}[function]\ntimeout_seconds = 1\n")

    result = firehose_here("try", str(MESSAGES / "event_processing_request.json"))

    assert "verdict: took 1." in result.stdout
    assert "s; the function is ended after 1; answered in 11" in result.stdout
    assert "mParticle allows 200 over lambda" in result.stdout


def test_hook_that_is_not_the_integrations_own_is_marked(
    firehose_here: FirehoseHere, batch: Path
) -> None:
    result = firehose_here("try", str(batch))

    lines = [line.strip("│├└─ ") for line in result.stdout.splitlines()]
    assert "process_event_processing_request" in lines
    assert "process_custom_event (not yours: it only acknowledges)" in lines


def test_event_that_fails_for_now_overflows_and_is_tried_by_the_worker(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooks = """
        def process_event_processing_request(self, request):
            if post(os.environ["ACME_URL"], b"{}") == 503:
                raise RetryableError("busy")
            return super().process_event_processing_request(request)
    """
    file = configure(tmp_path, hooks, monkeypatch, name="acme_overflows")
    file.write_text(file.read_text().replace('"inline"', '"overflow"'))
    message = str(MESSAGES / "event_processing_request.json")

    shown = firehose_here("try", message, "--answer", "503")
    trial = tried(firehose_here("try", message, "--answer", "503", "--format", "json"))

    assert "overflowed: RetryableError, so the message was stored" in shown.stdout
    assert "then the worker: retried, RetryableError, again in " in shown.stdout
    assert (trial["overflowed"], trial["worker"]) == ("RetryableError", "retried")
    assert len(trial["calls"]) == 2
    assert trial["response"]["type"] == "event_processing_response"


def test_script_decides_by_path_what_the_service_answers(
    firehose_here: FirehoseHere, tmp_path: Path
) -> None:
    script = tmp_path / "service.toml"
    script.write_text('[[answer]]\npath = "/v1/eras*"\nstatus = 401\nbody = {ok = false}\n')

    result = firehose_here(
        "try",
        str(MESSAGES / "dsr_processing_request.json"),
        *("--script", str(script), "--format", "json"),
    )

    trial = tried(result)
    assert trial["calls"][0]["answer"] == {"status": 401, "body": {"ok": False}}
    assert trial["worker"] == "rejected"


@pytest.mark.parametrize(
    ("code", "text"),
    [("import nowhere_at_all", "No module named 'nowhere_at_all'"), ("class :", "SyntaxError")],
)
def test_integration_that_cannot_be_loaded_is_told_with_its_place(
    firehose_here: FirehoseHere, tmp_path: Path, code: str, text: str
) -> None:
    (tmp_path / "acme_tried.py").write_text(f"\n{code}\n")

    result = firehose_here("try", str(MESSAGES / "dsr_processing_request.json"))

    assert (result.returncode, result.stdout) == (1, "")
    assert "acme_tried:Acme cannot be loaded" in result.stderr
    assert 'acme_tried.py", line 2' in result.stderr
    assert text in result.stderr
    assert "Next: mend" in result.stderr
    assert "workbench/" not in result.stderr
