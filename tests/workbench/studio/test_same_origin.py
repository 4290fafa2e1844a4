"""Who may ask the studio's server: its own page, programs of this machine, and nobody else."""

from __future__ import annotations

import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.service_calls import always
from tests.workbench.partner_code import written
from tests.workbench.studio.partner_session import CALLS, DEPLOYMENT
from workbench.studio.served import served

OTHERS = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Host": "evil.example"},
    {"Host": "127.0.0.1"},
]
PLACES = [
    ("GET", "/", b""),
    ("GET", "/studio/events", b""),
    ("POST", "/studio/send", b'{"texts": ["{}"], "way": "lambda"}'),
    ("POST", "/events", b"{}"),
]


def test_other_sites_are_refused_everywhere_and_the_page_and_programs_are_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    deployment = tmp_path / "deployment.toml"
    integration = written(tmp_path, CALLS, name="guarded")
    deployment.write_text(DEPLOYMENT.format(integration=integration))
    opened: list[str] = []
    with served(
        deployment,
        None,
        port=0,
        token=None,
        service=always("ok"),
        needs_code=True,
        opened=opened.append,
    ) as studio:
        own = urlsplit(studio.url).netloc

        def status(method: str, path: str, body: bytes, headers: dict[str, str]) -> int:
            connection = http.client.HTTPConnection(own, timeout=10)
            connection.request(method, path, body, headers)
            answered = connection.getresponse().status
            connection.close()
            return answered

        refused = [status(*place, headers) for place in PLACES for headers in OTHERS]
        as_page = {"Origin": f"http://{own}", "Sec-Fetch-Site": "same-origin"}
        taken = [status(*place, headers) for place in PLACES for headers in ({}, as_page)]
        sent = len(studio.session.journeys.all())

    assert set(refused) == {403}
    assert taken == [200, 200, 200, 200, 200, 200, 400, 400]
    assert sent == 4
    assert opened == [studio.url]
