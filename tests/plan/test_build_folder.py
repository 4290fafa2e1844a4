"""What is made for one deployment never lies where another one's does."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from plan.build_folder import build_folder
from plan.target import AWS, LOCAL

FILES = ("deployment.toml", "staging.toml", "production.toml", "aws", "local", "staging/aws.toml")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_projects_own_deployment_has_the_build_folder_itself(project: Path) -> None:
    assert build_folder(Path("deployment.toml")) == Path("build")
    assert build_folder(project / "deployment.toml") == Path("build")


@pytest.mark.parametrize(("one", "other"), [*permutations(FILES, 2)])
def test_two_deployments_share_no_file(one: str, other: str) -> None:
    first, second = (build_folder(Path(name)) for name in (one, other))

    made = {
        first / name
        for name in (AWS.package.name, LOCAL.package.name, "aws.stamp", "cdk.out", "proof.json")
    }
    assert second not in made
    assert not any(second.is_relative_to(path) for path in made)
    assert first != second


def test_deployment_outside_the_project_keeps_what_is_made_beside_itself(tmp_path: Path) -> None:
    assert build_folder(tmp_path / "acme.toml") == tmp_path / "build" / "acme.toml"


def test_target_has_the_package_of_its_deployment() -> None:
    target = LOCAL.built_for(Path("staging.toml"))

    assert target.package == Path("build/deployments/staging.toml/local")
    assert target.name == "local"
