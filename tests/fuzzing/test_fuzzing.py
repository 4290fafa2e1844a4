"""The fuzzer finds what is planted, and in a short run nothing in the targets."""

from __future__ import annotations

import json
import os
import re
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from fuzzing.__main__ import main
from fuzzing.apart import run_apart
from fuzzing.campaign import Campaign, saved
from fuzzing.mutation import OfJson, OfText, filler
from fuzzing.observation import observe
from fuzzing.target import CANARY, FuzzTarget
from fuzzing.targets import TARGETS

# Python warns of forking beside threads, which other tests have left; the child needs none of them.
pytestmark = pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")

ROOT = Path(__file__).parents[2]


def planted(data: bytes) -> str:
    """Read a message with a fault far inside."""
    content = json.loads(data)
    if isinstance(content["account"]["limit"], list):
        raise OverflowError
    return str(type(content["account"]["limit"]).__name__)


def fuzzed(target: FuzzTarget, *, inputs: int, seed: int = 1) -> Campaign:
    campaign = Campaign(target=target)
    campaign.run(seed=seed, inputs=inputs)
    return campaign


PLANTED = FuzzTarget(
    name="planted",
    run=planted,
    documented=(ValueError, LookupError, TypeError, RecursionError),
    seeds=[b'{"account": {"id": 1, "limit": 2}, "events": [{"a": "b"}]}'],
    mutator=OfJson("limit"),
)


def test_planted_fault_is_found_saved_and_found_again_in_its_file(tmp_path: Path) -> None:
    findings = fuzzed(PLANTED, inputs=500).findings

    ((fault, data),) = findings.items()
    assert re.fullmatch(r"raises OverflowError at fuzzing/test_fuzzing\.py:#", fault)
    again = observe(PLANTED, saved(tmp_path, PLANTED, data).read_bytes())
    assert again.fault is not None
    assert again.fault.startswith("raises OverflowError")


def deadly(data: bytes) -> str:
    if data == b"deadly":
        os.kill(os.getpid(), signal.SIGKILL)
    return ""


def test_input_that_ends_the_process_is_a_finding() -> None:
    target = replace(PLANTED, run=deadly, seeds=[b"", b"deadly"])

    result = run_apart(target, seed=1, seconds=5)

    assert result.inputs is None
    assert result.findings == {f"ends the process by signal {int(signal.SIGKILL)}": b"deadly"}


def test_campaign_apart_counts_as_one_here() -> None:
    result = run_apart(PLANTED, seed=1, seconds=60, inputs=500)
    here = fuzzed(PLANTED, inputs=500)

    assert (result.inputs, result.outcomes) == (500, len(here.kept))
    assert result.findings == here.findings


def test_finding_is_printed_with_the_command_that_repeats_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(TARGETS, "planted", PLANTED)
    monkeypatch.setattr(sys, "argv", ["fuzzing", "planted", "--seed", "1", "--inputs", "500"])

    assert main() == 1

    seed, counts, fault, again = capsys.readouterr().out.splitlines()
    assert seed.startswith("seed 1, ")
    assert re.fullmatch(r"planted: 500 inputs, \d+ kinds of outcome, 1 findings", counts)
    assert fault.startswith("  raises OverflowError at ")
    replay = again.partition(" -m ")[2].split()
    monkeypatch.setattr(sys, "argv", replay)
    assert main() == 1
    assert capsys.readouterr().out.startswith("planted: raises OverflowError at ")


def test_same_seed_runs_the_same_inputs() -> None:
    runs = [fuzzed(PLANTED, inputs=300, seed=seed).kept for seed in (7, 7, 8)]

    assert runs[0] == runs[1] != runs[2]


def quoting(data: bytes) -> str:
    raise ValueError(f"expected a number, found {data!r}")


def printing(data: bytes) -> str:
    sys.stdout.write(data.decode())
    return ""


def chaining(data: bytes) -> str:
    try:
        return str(int(data))
    except ValueError:
        raise ValueError("expected a number") from ValueError(data)


@pytest.mark.parametrize("run", [quoting, printing, chaining])
def test_secret_in_an_error_its_cause_or_the_log_is_a_finding(
    run: Callable[[bytes], str],
) -> None:
    seen = observe(replace(PLANTED, run=run), CANARY.encode())

    assert seen.fault is not None
    assert "shows a secret" in seen.fault


def test_rule_that_reads_its_text_again_and_again_is_a_finding() -> None:
    careless = re.compile(r"[0-9]+\.?[0-9]*")
    numbers = replace(
        PLANTED,
        run=lambda data: str(careless.fullmatch(data.decode())),
        seconds=0.01,
        seconds_per_byte=1e-6,
    )

    assert observe(numbers, b"1" * 5_000).fault is None
    fault = observe(numbers, b"1" * 5_000 + b"!").fault
    assert fault is not None
    assert re.fullmatch(r"takes 0\.\d s for 5001 bytes", fault)


def test_fillers_hold_long_numbers_with_a_bad_end() -> None:
    chance = Random(1)

    assert any(re.fullmatch("1{5000}!", filler(chance)) for _ in range(2_000))


def endless(_data: bytes) -> str:
    while True:
        time.monotonic()


def test_input_without_end_is_ended() -> None:
    target = replace(PLANTED, run=endless, endless_seconds=0.05)

    assert observe(target, b"").fault == "takes over 0.05 s"


@pytest.mark.parametrize("mutator", [OfJson("type", CANARY), OfText("<g>")])
def test_mutations_differ_and_never_fail(mutator: OfJson | OfText) -> None:
    chance = Random(3)
    seeds = TARGETS["decode"].seeds

    made = {mutator(chance.choice(seeds), chance.choice(seeds), chance) for _ in range(200)}

    assert len(made) > 150


@pytest.mark.parametrize("name", TARGETS)
def test_short_run_finds_nothing(name: str) -> None:
    campaign = fuzzed(TARGETS[name], inputs=60 + len(TARGETS[name].seeds))

    assert campaign.findings == {}
    assert len(campaign.kept) >= 3  # the inputs reach more than the first refusal


@pytest.mark.parametrize(
    ("name", "file"),
    [(folder.name, file) for folder in sorted((ROOT / "fuzzing/corpus").iterdir())
     for file in sorted(folder.iterdir())],
    ids=lambda value: value.name if isinstance(value, Path) else value,
)  # fmt: skip
def test_what_was_once_found_is_mended(name: str, file: Path) -> None:
    assert observe(TARGETS[name], file.read_bytes()).fault is None
