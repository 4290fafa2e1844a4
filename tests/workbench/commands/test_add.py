"""`firehose add`: what it pins, where it installs, and what it refuses at once."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import uv

from ops.release.package import build_package
from plan.names import DEPLOYMENT_VARIABLE
from plan.target import AWS
from tests.local.documented import records
from tests.running import Ran
from tests.workbench.conftest import FirehoseHere
from tests.workbench.wheels import wheel
from workbench import dependencies

Index = Callable[..., str]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Be in a partner's repository."""
    root = tmp_path / "project"
    (root / "lambda_src" / "loyalty").mkdir(parents=True)
    (root / "deployment.toml").write_text(
        'name = "acme"\n[code]\nintegration = "loyalty:Loyalty"\n'
    )
    monkeypatch.chdir(root)
    monkeypatch.setenv(DEPLOYMENT_VARIABLE, "deployment.toml")
    return root


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """Give what publishes a wheel on an index of this test's own."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("UV_FIND_LINKS", str(folder))
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    return partial(wheel, folder)


@pytest.fixture
def project(
    repository: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """Be there with a product that pins `base`, and an environment that is empty."""
    index("base", "2.0")
    (repository / "lambda_src" / "requirements.txt").write_text(index("base", "1.0"))
    uv_run("venv", str(tmp_path / "env"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "env" / "bin" / "python"))
    return repository


def uv_run(*arguments: str) -> str:
    return subprocess.run(
        [uv.find_uv_bin(), "--quiet", *arguments], check=True, capture_output=True, text=True
    ).stdout


def installed() -> set[str]:
    return set(uv_run("pip", "freeze", "--python", sys.executable).split())


def test_package_is_pinned_with_hashes_and_installed_here_and_in_the_lambda_package(
    firehose_here: FirehoseHere, index: Index, project: Path
) -> None:
    index("extra", "3.1", needs=["base"])

    result = firehose_here("add", "extra", "--format", "json")

    assert result.returncode == 0, result.stderr
    assert records("add", result.stdout) == [
        {"package": "base", "before": None, "now": "1.0"},
        {"package": "extra", "before": None, "now": "3.1"},
    ]
    own = project / "lambda_src" / "loyalty"
    assert "extra\n" in (own / "requirements.in").read_text()
    assert (own / "requirements.txt").read_text().count("--hash=sha256:") == 2
    assert installed() == {"base==1.0", "extra==3.1"}
    build_package(
        project / "lambda_src", target=AWS, runtime="python3.14", architecture="arm64", root=project
    )
    assert (project / AWS.package / "extra.py").is_file()
    assert not list((project / AWS.package).rglob("requirements.*"))


@pytest.mark.usefixtures("project")
def test_nothing_else_is_upgraded(firehose_here: FirehoseHere, index: Index) -> None:
    index("extra", "3.1")
    firehose_here("add", "extra")
    index("extra", "3.2")
    index("other", "1.0", needs=["base"])

    result = firehose_here("add", "other", "--format", "json")

    assert {it["package"]: it["now"] for it in records("add", result.stdout)} == {
        "base": "1.0",
        "extra": "3.1",
        "other": "1.0",
    }


def test_package_that_is_named_again_takes_the_place_of_what_it_was(
    firehose_here: FirehoseHere, index: Index, project: Path
) -> None:
    for version in ("3.1", "3.2"):
        index("extra", version)
    firehose_here("add", "extra<3.2")

    result = firehose_here("add", "Extra==3.2", "--format", "json")

    assert records("add", result.stdout) == [{"package": "extra", "before": "3.1", "now": "3.2"}]
    wanted = (project / "lambda_src/loyalty/requirements.in").read_text()
    assert [line for line in wanted.splitlines() if line[0] != "#"] == ["Extra==3.2"]
    assert installed() == {"extra==3.2"}


def assert_refused(result: Ran, project: Path, *words: str) -> None:
    assert result.returncode == 1
    for word in (*words, "Next: "):
        assert word in result.stderr
    assert list((project / "lambda_src" / "loyalty").iterdir()) == []
    assert installed() == set()


def test_package_without_a_wheel_for_the_functions_platform_is_told_at_once(
    firehose_here: FirehoseHere, index: Index, project: Path
) -> None:
    index("extra", "3.1", tag="py3-none-manylinux_2_28_x86_64")

    result = firehose_here("add", "extra")

    assert_refused(result, project, "the function's platform", "aarch64")


def test_package_that_is_too_large_for_lambda_is_told_with_its_size(
    firehose_here: FirehoseHere, index: Index, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependencies, "LARGEST_PACKAGE_BYTES", 2 * 2**20)
    index("extra", "3.1", size=3 * 2**20)

    result = firehose_here("add", "extra")

    assert_refused(result, project, "would have 3.0 MB unzipped", "AWS takes 2.0 MB")


def test_package_that_needs_another_release_than_the_product_pins_does_not_fit(
    firehose_here: FirehoseHere, index: Index, project: Path
) -> None:
    index("extra", "3.1", needs=["base>=2"])

    assert_refused(firehose_here("add", "extra"), project, "extra does not fit", "base")


def test_dry_run_measures_and_changes_nothing(
    firehose_here: FirehoseHere, index: Index, project: Path
) -> None:
    index("extra", "3.1", size=2**20)

    result = firehose_here("add", "extra", "--dry-run")

    assert result.returncode == 0
    assert "1.0 MB of 250.0 MB unzipped" in result.stderr
    assert list((project / "lambda_src" / "loyalty").iterdir()) == []
    assert installed() == set()


@pytest.mark.usefixtures("repository")
@pytest.mark.parametrize(
    "odd", ["--index-url=x", "https://x/y.whl", "./folder", "a b", "a @ file:///x", "-r x", ""]
)
def test_what_is_no_name_of_a_package_is_wrong_usage(firehose_here: FirehoseHere, odd: str) -> None:
    result = firehose_here("add", "--", odd)

    assert result.returncode == 2
    assert f"PACKAGE: found {odd}" in result.stderr


def test_example_of_the_product_gets_no_packages(
    firehose_here: FirehoseHere, repository: Path
) -> None:
    (repository / "deployment.toml").write_text('name = "acme"\n')

    result = firehose_here("add", "extra")

    assert result.returncode == 2
    assert "Next: firehose new NAME" in result.stderr
