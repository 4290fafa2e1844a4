"""The studio as an author sees it: in a real browser, over the command as it is started."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from plan.names import DEPLOYMENT_VARIABLE
from tests.axe import violations
from tests.browser import Browser, Page
from tests.running import ROOT
from tests.workbench.partner_code import written
from tests.workbench.started import started
from tests.workbench.studio.partner_session import CALLS, DEPLOYMENT, REGISTERS
from tests.workbench.studio.studio_page import FIELD, Studio, click, disturbed, enter, sent

pytestmark = pytest.mark.rehearsal

LAYOUT = (ROOT / "tests" / "ops" / "handoff" / "layout.js").read_text("utf-8")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("studio")
    source = folder / "lambda_src"
    source.mkdir()
    integration = written(source, REGISTERS + CALLS, name="ours")
    (folder / "deployment.toml").write_text(DEPLOYMENT.format(integration=integration))
    path = os.pathsep.join(map(str, (ROOT, ROOT / "lambda_src", source)))
    variables = {"PYTHONPATH": path, DEPLOYMENT_VARIABLE: "deployment.toml"}
    with started("studio", home=folder, folder=folder, **variables) as process:
        assert process.stdout
        yield Studio(folder, process.stdout.readline().strip())
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert (process.returncode, said.splitlines()[-1]) == (0, "The studio has stopped.")


@pytest.fixture
def page(chromium: Browser, studio: Studio) -> Iterator[Page]:
    """Open the page; at its end it has said nothing to the console and asked no other host."""
    connection = http.client.HTTPConnection(urlsplit(studio.url).netloc, timeout=10)
    for name, wish in (("clear", "{}"), ("disturb", '{"chosen": []}')):
        connection.request("POST", f"/studio/{name}", wish)
        connection.getresponse().read()
    connection.close()
    page = chromium.open(studio.url)
    page.show(width=1280)
    page.wait_for("text.value.includes('event_processing_request')")
    yield page
    assert page.messages == []
    assert [it for it in page.requests if not it.startswith((studio.url, "data:"))] == []
    page.send("Page.close")


def test_message_is_composed_in_step_sent_and_seen_with_its_call(page: Page) -> None:
    page.evaluate("document.getElementById('form-box').open = true")
    page.wait_for(f"!!document.getElementById('{FIELD}.id')")
    enter(page, f"{FIELD}.id", "6f0d5f8e-0f4c-4b8e-9f0b-0d6a3f1c7a99")
    in_json = page.evaluate("text.value")
    page.evaluate(
        "text.value = text.value.replace('7a99', '7a98'); text.dispatchEvent(new Event('input'))"
    )
    page.wait_for(f"document.getElementById('{FIELD}.id').value.endsWith('7a98')")

    sent(page)

    shown = page.evaluate("detail.innerText")
    assert '"id": "6f0d5f8e-0f4c-4b8e-9f0b-0d6a3f1c7a99"' in in_json
    assert "process_event_processing_request" in shown
    assert "POST https://api.acme.example/v1/events → 200" in shown
    assert "mParticle sees the response" in shown
    assert "6f0d5f8e-0f4c-4b8e-9f0b-0d6a3f1c7a98" in shown


def test_large_integers_pass_through_the_form_unchanged(page: Page) -> None:
    page.evaluate("document.getElementById('form-box').open = true")
    page.evaluate(
        "text.value = text.value.replace(/(\"timestamp_ms\": )\\d+/, '$18125550175362148309');"
        " text.dispatchEvent(new Event('input'))"
    )
    page.wait_for(
        f"document.getElementById('{FIELD}.timestamp_ms')?.value === '8125550175362148309'"
    )
    enter(page, f"{FIELD}.firehose_version", "3.2.1")

    assert '"timestamp_ms": 8125550175362148309' in page.evaluate("text.value")
    assert '"firehose_version": "3.2.1"' in page.evaluate("text.value")


def test_large_integers_are_kept_in_an_item_that_is_added_like_the_last(page: Page) -> None:
    page.evaluate("document.getElementById('form-box').open = true")
    page.evaluate(
        'text.value = \'{"type": "event_processing_request", "events": [{"type": "custom_event",'
        ' "session_id": 8125550175362148309}]}\'; text.dispatchEvent(new Event("input"))'
    )
    events = "[...document.querySelectorAll('.nested')].find((it) => it.innerText[0] === 'e')"
    page.wait_for(f"!!{events}")
    page.evaluate(f"{events}.open = true")
    add = (
        "[...document.querySelectorAll('#fields button')].find((it) => it.innerText === 'Add one')"
    )
    page.wait_for(f"!!{add}")
    page.evaluate(f"{add}.click()")

    assert page.evaluate("text.value").count('"session_id": 8125550175362148309') == 2


def test_what_is_wrong_with_a_message_is_said_where_it_is_written(page: Page) -> None:
    page.evaluate("text.value = '{\"type\": 7}'; text.dispatchEvent(new Event('input'))")

    page.wait_for("verdict.textContent.startsWith('✗ $.type')")
    assert page.evaluate("text.getAttribute('aria-invalid')") == "true"


def test_settings_are_those_of_the_registration_and_go_into_the_message(page: Page) -> None:
    page.wait_for("!!document.getElementById('setting-apiKey')")
    enter(page, "setting-apiKey", "entered-key")
    page.wait_for("text.value.includes('entered-key')")

    sent(page)

    assert page.evaluate("document.getElementById('setting-apiKey').type") == "password"
    assert "entered-key" not in page.evaluate("detail.innerText + detail.innerHTML")


def test_disturbed_service_leads_to_the_queue_and_skipped_waits_to_delivery(page: Page) -> None:
    disturbed(page, "500")
    sent(page)
    page.wait_for("detail.innerText.includes('Skip the wait')")
    shown = page.evaluate("detail.innerText")
    click(page, "disturb-none")
    page.wait_for("said.textContent === 'Nothing is disturbed.'")
    page.evaluate("document.querySelector('.waits button').click()")
    page.wait_for("document.querySelector('.row .badge').textContent === 'delivered'")

    assert "RetryableError" in shown
    assert "lambda_src/ours.py:" in shown
    assert "Worker, attempt 1: retried, RetryableError, again after 600 s" in shown


def test_edit_is_live_and_code_that_cannot_be_loaded_is_shown_with_its_line(
    page: Page, studio: Studio
) -> None:
    right = studio.code.read_text()
    studio.code.write_text(right + "\n1 / 0\n")
    page.wait_for("!problem.hidden && problem.innerText.includes('ZeroDivisionError')")
    assert "ours.py" in page.evaluate("problem.innerText")
    studio.code.write_text(right.replace('"/events"', '"/edited"'))
    page.wait_for("problem.hidden")
    sent(page)
    shown = page.evaluate("detail.innerText")
    studio.code.write_text(right)

    assert "/v1/edited → 200" in shown


def test_golden_message_is_saved_as_try_records_it(page: Page, studio: Studio) -> None:
    sent(page)
    page.evaluate(
        "document.querySelector('.keep input').value = 'kept';"
        " document.querySelector('.keep').requestSubmit()"
    )
    page.wait_for("said.textContent.startsWith('Saved: ')")

    golden = json.loads((studio.folder / "tests/ours/golden/kept.golden.json").read_text())
    message = json.loads((studio.folder / "tests/ours/golden/kept.json").read_text())
    assert [(it["path"], it["answer"]) for it in golden["calls"]] == [
        ("/v1/events", {"status": 200})
    ]
    assert message["account"]["account_settings"]["apiKey"] == "test-apiKey"


def test_contract_is_run_from_the_page_and_told_by_cause(page: Page) -> None:
    click(page, "tab-prove")
    click(page, "contract-run")
    page.wait_for("/\\d+ checks/.test(document.getElementById('contract-results').innerText)")
    page.wait_for("!document.getElementById('contract-run').disabled", seconds=60)
    click(page, "registration-show")
    page.wait_for("document.getElementById('registration').innerText.length > 0")

    results = page.evaluate("document.getElementById('contract-results').innerText")
    assert "passed" in results
    assert "failed" in results
    assert re.fullmatch(r"\d+ of \d+ checks failed\.", page.evaluate("said.textContent"))
    assert "No registration.json is saved here" in page.evaluate(
        "document.getElementById('registration').innerText"
    )


def test_day_is_played_over_http_and_its_ledger_is_shown(page: Page) -> None:
    page.evaluate("document.getElementById('many').value = 20")
    click(page, "play")
    page.wait_for("said.textContent === 'The day is over.'", seconds=30)

    assert "Nothing is lost" in page.evaluate("day.innerText")
    assert page.evaluate("document.querySelectorAll('#day tbody tr').length") > 0
    page.wait_for("Number(count.textContent.split(' ')[0]) >= 20")
    assert page.evaluate("document.querySelector('.row').innerText.includes('POST /')")


def test_other_pages_are_shown_where_they_can_ask_for_nothing(studio: Studio) -> None:
    connection = http.client.HTTPConnection(urlsplit(studio.url).netloc, timeout=30)
    connection.request("GET", "/studio/capacity")
    capacity = connection.getresponse()
    shown = capacity.read().decode()
    connection.request("GET", "/studio/handoff")
    missing = connection.getresponse()
    told = missing.read().decode()
    connection.close()

    assert (capacity.status, missing.status) == (200, 404)
    assert str(capacity.headers["Content-Security-Policy"]).startswith("sandbox")
    assert "<h1>Capacity</h1>" in shown
    assert "Next: firehose handoff --folder handoff" in told


def test_filter_and_arrows_choose_among_messages(page: Page) -> None:
    page.evaluate("document.getElementById('many').value = 30")
    click(page, "send-many")
    page.wait_for("count.textContent === '30 of 30'")
    sent(page)
    page.evaluate("rows.focus()")
    first = page.evaluate("rows.getAttribute('aria-activedescendant')")
    page.press("ArrowDown")
    page.wait_for(f"rows.getAttribute('aria-activedescendant') !== {first!r}")
    page.evaluate("filter.value = 'no such thing'; filter.dispatchEvent(new Event('input'))")
    page.wait_for("count.textContent === '0 of 31'")


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_nobody_is_kept_out_by_sight_or_width(page: Page, width: int, scheme: str) -> None:
    disturbed(page, "500")
    sent(page)
    page.evaluate("document.getElementById('form-box').open = true")
    page.wait_for("!!document.querySelector('#fields input')")
    page.show(width=width, scheme=scheme)
    problems = {}
    for tab in ("disturb", "prove", "compose"):
        click(page, f"tab-{tab}")
        problems[tab] = violations(page)
    found = page.evaluate(LAYOUT)
    click(page, "disturb-none")
    page.wait_for("said.textContent === 'Nothing is disturbed.'")

    assert problems == {"disturb": [], "prove": [], "compose": []}
    assert (found["scrolls"], found["outside"]) == (False, [])
