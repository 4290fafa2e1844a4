"""A jar, zip or folder in place of our package: inline only, and told so by each of its keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from plan.deployment import Deployment
from plan.problems import Problem, problems_of


def deployment(folder: Path, **choices: Any) -> Deployment:
    code = {"path": str(folder), "runtime": "nodejs24.x", "handler": "index.handler"}
    return Deployment.model_validate({"name": "acme", "code": code, **choices})


def the_problem(folder: Path, **choices: Any) -> Problem:
    with pytest.raises(ValidationError) as refused:
        deployment(folder, **choices)
    (problem,) = problems_of(refused.value, Deployment)
    return problem


def test_nothing_is_queued_and_nothing_overflows(tmp_path: Path) -> None:
    planned = deployment(tmp_path)

    assert planned.queued == planned.overflowing == ()
    assert not planned.has_queue


@pytest.mark.parametrize("mode", ["queued", "overflow"])
def test_family_can_be_inline_only(tmp_path: Path, mode: str) -> None:
    problem = the_problem(tmp_path, processing={"audiences": mode})

    assert (problem.key, problem.found) == ("processing.audiences", mode)
    assert deployment(tmp_path, processing={"audiences": "inline"}).queued == ()


def test_snap_start_is_refused_as_it_is_written_in_the_file(tmp_path: Path) -> None:
    problem = the_problem(tmp_path, function={"snap_start": True})

    assert (problem.key, problem.found) == ("function.snap_start", "true")
