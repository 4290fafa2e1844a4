"""The Lambda package: lambda_src and its pinned wheels, the same bytes for the same input."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import uv

from cloud.wheels import WheelsRefused, install_wheels, platform_of, requirements_of
from console.exit_codes import CommandError
from plan.target import LOCAL, Target

BuildOutcome = Literal["built", "built without bytecode", "unchanged"]

_LEFT_OUT = shutil.ignore_patterns("__pycache__", "*.pyc", "requirements.*", ".*")
_ON_LAMBDA = "/var/task"


def build_package(
    source: Path, *, target: Target, runtime: str, architecture: str, root: Path
) -> BuildOutcome:
    """Make `target.package` below `root`, unless what it is made of has not changed.

    It has bytecode if `compiler` finds an interpreter. The package appears whole or not at all, and
    is made once when several processes ask for it at the same time.
    Raises `CommandError` when a requirement has no wheel for the function's platform
    or its hash differs.
    """
    package = root / target.package
    package.parent.mkdir(parents=True, exist_ok=True)
    with _alone_in(package.parent):
        return _built(source, package, target=target, runtime=runtime, architecture=architecture)


def _built(
    source: Path, package: Path, *, target: Target, runtime: str, architecture: str
) -> BuildOutcome:
    stamp = package.with_suffix(".stamp")
    platform = platform_of(target, runtime, architecture)
    python = compiler(target, runtime)
    digest = _digest(source, [*platform, _release(python) if python else "sources"])
    if package.is_dir() and stamp.is_file() and stamp.read_text() == digest:
        return "unchanged"
    with tempfile.TemporaryDirectory(dir=package.parent, prefix=".package-") as scratch:
        fresh = Path(scratch) / "package"
        _install(requirements_of(source), fresh, platform)
        shutil.copytree(source, fresh, ignore=_LEFT_OUT, dirs_exist_ok=True)
        if python:
            _compile(fresh, python)
        stamp.unlink(missing_ok=True)
        if package.exists():
            package.rename(Path(scratch) / "old")
        fresh.rename(package)
        stamp.write_text(digest)
    return "built" if python else "built without bytecode"


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait for whoever builds there, such as a `cdk synth` beside this one."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def compiler(target: Target, runtime: str) -> str | None:
    """Find the program of the function's Python version on this machine; none is downloaded.

    Lambda compiles what it finds no bytecode of, at every start, as its folder is read-only.
    """
    version = runtime.removeprefix("python")
    if target.name == LOCAL.name or version == f"{sys.version_info[0]}.{sys.version_info[1]}":
        return sys.executable
    command = [uv.find_uv_bin(), "python", "find", "--offline", "--no-python-downloads"]
    result = subprocess.run(  # noqa: S603 - uv's own program; plan allows only versions
        [*command, f"cpython@{version}"], capture_output=True, text=True, check=False
    )
    return result.stdout.strip() if result.returncode == 0 else None


def _release(python: str) -> str:
    """Name an interpreter's release; a later one may write other bytecode."""
    command = [python, "-I", "-S", "-c", "import sys; print(sys.version)"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def _compile(package: Path, python: str) -> None:
    """Write bytecode that names its source as Lambda will and is never compared with it.

    A file that does not compile stays a source; whoever imports it is told.
    """
    command = [python, "-I", "-m", "compileall", "-qq", "--invalidation-mode", "unchecked-hash"]
    where = ["-s", str(package), "-p", _ON_LAMBDA, str(package)]
    subprocess.run([*command, *where], check=False)  # noqa: S603 - see `compiler`


def _digest(source: Path, made_for: list[str]) -> str:
    digest = hashlib.sha256("\0".join(made_for).encode())
    for file in _files(source):
        content = file.read_bytes()
        digest.update(f"\0{file.relative_to(source).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def _files(source: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(source):
        folders[:] = sorted(set(folders) - {"__pycache__"})
        yield from (Path(folder, name) for name in sorted(names) if not name.endswith(".pyc"))


def _install(requirements: Sequence[Path], package: Path, platform: Sequence[str]) -> None:
    try:
        install_wheels(requirements, package, platform=platform)
    except WheelsRefused as error:
        files = ", ".join(map(str, requirements))
        raise CommandError(
            f"The Lambda package cannot be built from {files}:\n{error}",
            next_step="pin releases that have wheels for the function's platform, then `make lock`;"
            " `firehose add` does so for packages of your own",
        ) from None
