"""The end of a run: what it says of its time, and that nothing is skipped that is here."""

from __future__ import annotations

import pytest

from tests.account import HAVE_VARIABLE, Account

pytest_plugins = ["pytester"]

SKIPPING = """
import pytest

def test_passes():
    pass

@pytest.mark.skip(reason="no browser here: apt-get install chromium")
def test_needs_a_browser():
    pass

@pytest.mark.rehearsal
def test_takes_long():
    pass
"""


@pytest.mark.parametrize(("have", "code"), [("", 0), ("samples", 0), ("samples;no browser", 1)])
def test_what_is_skipped_is_told_with_its_reason_and_fails_if_it_is_here(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, have: str, code: int
) -> None:
    monkeypatch.setenv(HAVE_VARIABLE, have)
    pytester.makepyfile(SKIPPING)
    pytester.makeini("[pytest]\nmarkers = rehearsal")

    ran = pytester.runpytest_inprocess("-m", "not rehearsal", plugins=[Account()])

    assert ran.ret == code
    but = ", BUT IT IS HERE" * code
    ran.stdout.fnmatch_lines(
        [
            "*s of processor time in tests, the most in*",
            "*not run*",
            f"   1  no browser here: apt-get install chromium{but}",
            "   1  of `make rehearsal`, or of `make test`: left out with -m",
        ]
    )
