"""A new integration, made from the shipped example: its code, its tests, its golden messages."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import tomlkit
from tomlkit.items import Table

from console.exit_codes import CommandError, ExitCode
from console.whole_file import write_whole
from plan.function import SOURCE_PACKAGE
from workbench.renaming import EXAMPLE, NewName, renamed_source, renamed_text

_ROOTS = (SOURCE_PACKAGE, "tests")
"""Where an integration lives. Tests are not beside the code, because all of `lambda_src` travels
in the Lambda package."""


def scaffold(root: Path, name: NewName) -> dict[Path, tuple[Path, str]]:
    """Give each file of the new integration with the file it is made from and its content.

    Paths are relative to `root`. Raises `CommandError` when there is no example to copy, or a
    folder of that name.
    """
    for folder in _ROOTS:
        if (root / folder / name.package).exists():
            raise CommandError(
                f"{folder}/{name.package} exists already",
                next_step="choose another name, or remove the folder if you do not need it",
                exit_code=ExitCode.USAGE,
            )
        if not (root / folder / EXAMPLE).is_dir():
            raise CommandError(
                f"{folder}/{EXAMPLE}, the example that is copied, is not there",
                next_step="run this at the top of the repository, or get the folder back from git",
                exit_code=ExitCode.USAGE,
            )
    files: dict[Path, tuple[Path, str]] = {}
    for folder in _ROOTS:
        for file in sorted((root / folder / EXAMPLE).rglob("*")):
            if not file.is_file() or "__pycache__" in file.parts or file.suffix == ".pyc":
                continue
            inner = file.relative_to(root / folder / EXAMPLE)
            rename = renamed_source if file.suffix == ".py" else renamed_text
            content = rename(file.read_text(encoding="utf-8"), name)
            files[Path(folder, name.package, inner)] = (file.relative_to(root), content)
    return files


def chosen_in(deployment: Path, name: NewName) -> str:
    """Give the deployment file's text with the new integration chosen; the rest stays as it is.

    Raises `CommandError` when the file deploys another artifact.
    """
    document = tomlkit.parse(deployment.read_text(encoding="utf-8"))
    code = document.get("code")
    if not isinstance(code, Table):
        code = tomlkit.table()
        document["code"] = code
    path = str(code.get("path", SOURCE_PACKAGE))
    if path != SOURCE_PACKAGE:
        raise CommandError(
            f"{deployment} deploys {path} instead of the package with an integration",
            next_step=f'set path = "{SOURCE_PACKAGE}" in its [code] table',
            exit_code=ExitCode.USAGE,
        )
    code["integration"] = f"{name.package}:{name.class_name}"
    return tomlkit.dumps(document)


def write_scaffold(
    root: Path, name: NewName, files: Mapping[Path, str], *, deployment: Path, choice: str
) -> None:
    """Write the files in the house format and the choice, all of it or nothing."""
    with tempfile.TemporaryDirectory(dir=root, prefix=".new-") as scratch:
        for path, content in files.items():
            file = Path(scratch) / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8")
        _format(Path(scratch), name)
        placed: list[Path] = []
        try:
            for folder in _ROOTS:
                place = root / folder / name.package
                (Path(scratch) / folder / name.package).rename(place)
                placed.append(place)
            write_whole(deployment, choice)
        except BaseException:
            for place in placed:
                shutil.rmtree(place)
            raise


def _format(folder: Path, name: NewName) -> None:
    """Sort imports and break lines anew, for another name has another length and place."""
    own = f"lint.isort.known-first-party=['{name.package}', 'tests']"  # not in their places yet
    for command in (
        ["check", "--quiet", "--fix", "--select", "I", "--config", own],
        ["format", "--quiet"],
    ):
        result = subprocess.run(  # noqa: S603 - ruff's own program
            [sys.executable, "-m", "ruff", *command, "--no-cache", str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            raise CommandError(
                f"The new files cannot be formatted: {result.stdout}{result.stderr}".strip(),
                next_step="make check shows what is wrong with the example that is copied",
            )
