"""The Lambda package: complete, for the right platform, and the same bytes for the same input."""

from __future__ import annotations

import marshal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.util import cache_from_source
from pathlib import Path
from types import SimpleNamespace

import pytest
from aws_cdk import FileSystem

from console.exit_codes import CommandError
from ops.release.package import build_package, compiler
from plan.target import AWS, LOCAL, Target
from tests.border import copy_packages

RUNTIME = f"python{sys.version_info[0]}.{sys.version_info[1]}"
"""This Python's version, of which there is an interpreter wherever this runs."""


def built(
    root: Path,
    source: Path | None = None,
    *,
    target: Target = AWS,
    runtime: str = RUNTIME,
    architecture: str = "arm64",
) -> str:
    return build_package(
        source or copy_packages(root),
        target=target,
        runtime=runtime,
        architecture=architecture,
        root=root,
    )


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Copy the real source, so that a test may change it."""
    return copy_packages(tmp_path)


def test_building_twice_gives_the_same_asset_with_caches_in_between(
    tmp_path: Path, source: Path
) -> None:
    assert built(tmp_path / "one", source) == "built"
    left_behind(source)

    assert built(tmp_path / "two", source) == "built"

    first, second = tmp_path / "one" / AWS.package, tmp_path / "two" / AWS.package
    # the hash that decides whether a deploy publishes a version
    assert FileSystem.fingerprint(str(first)) == FileSystem.fingerprint(str(second))


def left_behind(source: Path) -> None:
    """Put in what Python, editors and systems leave in a folder, which is no source."""
    (source / "__pycache__").mkdir()
    for name in ("__pycache__/note.txt", "loose.pyc", "endpoint/.swp"):
        (source / name).write_bytes(b"left behind")


def test_package_holds_the_code_and_the_wheels_of_the_functions_platform(tmp_path: Path) -> None:
    built(tmp_path, architecture="arm64", runtime="python3.13")
    package = tmp_path / AWS.package

    assert (package / "endpoint" / "direct.py").is_file()
    assert (package / "firehose" / "__init__.py").is_file()
    assert (package / "acme" / "__init__.py").is_file()
    compiled = {file.name.partition(".")[0]: file.suffixes[0] for file in package.rglob("*.so")}
    assert compiled.keys() >= {"_core"}
    assert set(compiled.values()) == {".cpython-313-aarch64-linux-gnu"}
    assert not (package / "requirements.txt").exists()
    assert not (package / ".lock").exists()


def test_every_source_has_bytecode_that_names_it_as_lambda_does(tmp_path: Path) -> None:
    built(tmp_path)
    package = tmp_path / AWS.package

    sources = [file for file in package.rglob("*.py") if "test" not in file.name]
    assert sources
    for source in sources:
        bytecode = Path(cache_from_source(str(source))).read_bytes()
        assert int.from_bytes(bytecode[4:8], "little") == 1, "a hash that is never checked"
        named = marshal.loads(bytecode[16:]).co_filename  # noqa: S302 - written just now
        assert named == f"/var/task/{source.relative_to(package).as_posix()}"


def test_bytecode_is_what_python_runs_without_a_look_at_the_source(tmp_path: Path) -> None:
    built(tmp_path, target=LOCAL)
    package = tmp_path / LOCAL.package
    (package / "firehose" / "secret.py").write_text("raise SystemExit('the source')")
    program = f"import sys; sys.path.insert(0, {str(package)!r}); import firehose.secret"

    subprocess.run(
        [sys.executable, "-I", "-S", "-c", program], check=True, env={"PATH": ""}, timeout=30
    )


def test_package_has_only_sources_where_no_interpreter_of_the_functions_version_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("PATH", "UV_PYTHON_INSTALL_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("VIRTUAL_ENV", sys.prefix)
    other = "python3.13" if RUNTIME != "python3.13" else "python3.12"

    assert built(tmp_path, runtime=other) == "built without bytecode"
    assert built(tmp_path, runtime=other) == "unchanged"
    assert not list((tmp_path / AWS.package).rglob("*.pyc"))


def test_interpreter_of_another_version_is_looked_for_on_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    of_another = SimpleNamespace(version_info=(3, 0), executable="python3.0")
    monkeypatch.setattr("ops.release.package.sys", of_another)

    found = compiler(AWS, RUNTIME)

    assert found
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"Python {RUNTIME.removeprefix('python')}.")
    assert compiler(AWS, "python3.99") is None
    assert compiler(LOCAL, "python3.99") == "python3.0", "the embedded AWS runs it by its own"


def test_source_that_does_not_compile_stops_no_build(tmp_path: Path, source: Path) -> None:
    (source / "broken.py").write_text("def")

    assert built(tmp_path, source) == "built"
    assert (tmp_path / AWS.package / "broken.py").is_file()


def test_nothing_is_built_while_nothing_changed(tmp_path: Path, source: Path) -> None:
    more = source / "acme" / "more.py"
    more.write_text("VALUE = 1\n")
    built(tmp_path, source)
    assert built(tmp_path, source) == "unchanged"
    left_behind(source)
    (source / "endpoint" / ".swp").unlink()
    assert built(tmp_path, source) == "unchanged"

    more.write_text("VALUE = 2\n")

    assert built(tmp_path, source) == "built"
    assert (tmp_path / AWS.package / "acme" / "more.py").read_text() == "VALUE = 2\n"


def test_build_that_ends_before_it_is_noted_is_made_again(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("no space left")

    built(tmp_path, source)
    (source / "more.py").write_text("")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        with pytest.raises(OSError, match="no space left"):
            built(tmp_path, source)
    (source / "more.py").unlink()

    assert built(tmp_path, source) == "built", "what lies there is of the other source"
    assert not (tmp_path / AWS.package / "more.py").exists()


def test_two_that_build_at_the_same_time_build_once(tmp_path: Path, source: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        outcomes = [*pool.map(lambda _: built(tmp_path, source), range(2))]

    assert sorted(outcomes) == ["built", "unchanged"]


def test_another_platform_is_another_package(tmp_path: Path) -> None:
    built(tmp_path)

    assert built(tmp_path, architecture="x86_64") == "built"
    assert built(tmp_path, architecture="x86_64", runtime="python3.13") != "unchanged"


def test_removed_source_leaves_the_package(tmp_path: Path, source: Path) -> None:
    (source / "gone.py").write_text("")
    built(tmp_path, source)
    (source / "gone.py").unlink()
    built(tmp_path, source)

    assert not (tmp_path / AWS.package / "gone.py").exists()


def test_package_for_the_embedded_aws_lies_beside_that_for_aws(tmp_path: Path) -> None:
    built(tmp_path, target=AWS)
    built(tmp_path, target=LOCAL)

    assert {file.name for file in (tmp_path / "build").iterdir()} == {
        "aws",
        "aws.stamp",
        "local",
        "local.stamp",
    }


def test_wrong_hash_is_refused_and_the_package_before_stays_whole(
    tmp_path: Path, source: Path
) -> None:
    built(tmp_path, source)
    (source / "requirements.txt").write_text(f"msgspec==0.22.0 --hash=sha256:{'0' * 64}\n")

    with pytest.raises(CommandError, match=r"(?s)cannot be built.*make lock"):
        built(tmp_path, source)

    assert (tmp_path / AWS.package / "endpoint" / "direct.py").is_file()
    assert not list((tmp_path / "build").glob(".package-*"))


def test_requirement_without_a_hash_is_refused(tmp_path: Path, source: Path) -> None:
    (source / "requirements.txt").write_text("msgspec==0.22.0\n")

    with pytest.raises(CommandError, match="cannot be built"):
        built(tmp_path, source)
