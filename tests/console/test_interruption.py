"""What a signal does to long work."""

from __future__ import annotations

import signal

import pytest

from console.interruption import stop_on_ctrl_c, unwound_by_sigterm


def test_first_signal_asks_to_stop_and_the_handlers_of_before_come_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with stop_on_ctrl_c() as stop:
        assert not stop.is_set()
        signal.raise_signal(signal.SIGTERM)
        assert stop.is_set()
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL, "the second ends the process"

    assert signal.getsignal(signal.SIGTERM) == before
    assert "Stopping after the step at hand" in capsys.readouterr().err


def test_sigterm_ends_a_block_that_cleans_up_and_the_exit_code_tells_it() -> None:
    before, cleaned = signal.getsignal(signal.SIGTERM), []

    def work() -> None:
        with unwound_by_sigterm():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                cleaned.append("up")

    with pytest.raises(SystemExit) as ended:
        work()

    assert (ended.value.code, cleaned) == (143, ["up"])
    assert signal.getsignal(signal.SIGTERM) == before
