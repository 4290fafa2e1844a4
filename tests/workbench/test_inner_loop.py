"""What `firehose test` runs, and what it makes of how that ends."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.exit_codes import CommandError, ExitCode
from tests.running import ROOT
from workbench.inner_loop import Proof, proofs_of, run_proofs


def deployment(folder: Path, text: str) -> Path:
    file = folder / "deployment.toml"
    file.write_text(f'name = "loyalty"\n{text}', encoding="utf-8")
    return file


def program(code: str, *, sums_up: bool = True) -> Proof:
    return Proof(name="one", command=(sys.executable, "-c", code), again="it", sums_up=sums_up)


def test_every_proof_is_of_the_integration_that_is_deployed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    file = deployment(tmp_path, '[code]\nintegration = "acme:Acme"\n')

    proofs = {proof.name: proof for proof in proofs_of(file, assembly=tmp_path / "out")}

    assert list(proofs) == ["contract", "templates", "tests and golden messages", "registration"]
    assert proofs["tests and golden messages"].command[-1] == "tests/acme"
    assert "nothing_leaks" in proofs["contract"].command
    assert "answer_time" not in proofs["contract"].command, "the others are in its way"
    assert str(tmp_path / "out") in proofs["templates"].command


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[code]\nintegration = "nowhere:Class"\n', "tests/nowhere, the tests of nowhere:Class"),
        (
            '[code]\npath = "README.md"\nruntime = "java25"\nhandler = "a.B::c"\n',
            "deploys README.md, which has no tests here",
        ),
    ],
)
def test_what_cannot_be_proven_here_is_wrong_usage(
    text: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    with pytest.raises(CommandError, match=said) as raised:
        proofs_of(deployment(tmp_path, text), assembly=tmp_path)

    assert raised.value.exit_code is ExitCode.USAGE


def test_exit_code_decides_and_the_last_line_sums_up(tmp_path: Path) -> None:
    good, bad, silent = run_proofs(
        [
            program("print('first'); print('== 3 passed ==')"),
            program("print('why'); raise SystemExit('it fails')", sums_up=False),
            program("print('chatter')", sums_up=False),
        ],
        deployment(tmp_path, ""),
    )

    assert (good.holds, good.summary) == (True, "3 passed")
    assert (bad.holds, bad.summary) == (False, "it fails")
    assert "why" in bad.output
    assert (silent.holds, silent.summary) == (True, "")


def test_programs_run_by_the_deployment_file_and_at_the_same_time(tmp_path: Path) -> None:
    file = deployment(tmp_path, "")
    told = program("import os; print(os.environ['FIREHOSE_DEPLOYMENT'])")
    os.mkfifo(tmp_path / "meeting")
    meeting = f"import signal; signal.alarm(60); open({str(tmp_path / 'meeting')!r}, '{{}}')"

    first, *met = run_proofs([told, *(program(meeting.format(it)) for it in "rw")], file)

    assert first.summary == str(file)
    assert [it.holds for it in met] == [True, True], "each waits until the other is there"


def test_program_that_is_missing_is_told_with_the_next_step(tmp_path: Path) -> None:
    missing = Proof(name="one", command=("no-such-program",), again="it")

    with pytest.raises(CommandError, match="no-such-program is not there\nNext: make setup"):
        run_proofs([missing], deployment(tmp_path, ""))


PROVES = """
import sys
from pathlib import Path
from workbench.inner_loop import Proof, run_proofs

writes = "import time; f = open('alive', 'w'); f.write('yes'); f.flush(); time.sleep(60)"
starts = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {writes!r}])"
run_proofs([Proof(name="one", command=(sys.executable, "-c", starts), again="it")], Path("file"))
"""
WATCHES = """
import sys
from pathlib import Path
from workbench.run_on_change import run_on_change

run_on_change([Path("cli.py")])
"""


@pytest.mark.rehearsal
@pytest.mark.parametrize("code", [PROVES, WATCHES], ids=["once", "watching"])
def test_sigterm_ends_what_the_programs_have_started_themselves(tmp_path: Path, code: str) -> None:
    (tmp_path / "cli.py").write_text(PROVES)  # what watching runs, here in the command's place
    os.mkfifo(tmp_path / "alive")
    with (
        subprocess.Popen([sys.executable, "-c", code], cwd=tmp_path) as process,
        (tmp_path / "alive").open() as alive,
    ):
        assert alive.read(3) == "yes"
        begun = time.monotonic()
        process.terminate()
        assert process.wait(30) == 143
        assert alive.read() == "", "nobody holds it any more"

    assert time.monotonic() - begun < 30
