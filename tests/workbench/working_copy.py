"""A copy of the working tree, in which commands may write."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.border import DEPLOYMENT, copy_packages

ROOT = Path(__file__).parents[2]
_OF_PYTEST = ("account", "border", "browser", "conftest", "running", "single_lines")
"""Modules of tests/ that pytest loads with its tests."""


_READ_ONLY = ("cloud", "console", "local", "ops", "plan", "probe", "workbench")
"""What commands read: Python keeps what it compiled of it, for all copies."""


class WorkingCopy:
    """The parts of the repository that the workbench uses, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        copy_packages(folder)
        for name in ("tests/acme", "tests/standin"):
            self._copy_folder(name)
        for name in _OF_PYTEST:
            shutil.copy(ROOT / "tests" / f"{name}.py", folder / "tests")
        for name in _READ_ONLY:
            (folder / name).symlink_to(ROOT / name)
        for file in (ROOT / "cli.py", ROOT / "pyproject.toml", DEPLOYMENT):
            shutil.copy(file, folder)

    def _copy_folder(self, name: str) -> None:
        left_out = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, self.folder / name, ignore=left_out)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command in the copy, with the copy's code."""
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYTHONPATH": os.pathsep.join(str(self.folder / part) for part in ("", "lambda_src")),
            "COLUMNS": "200",
        }
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def files(self, folder: str) -> list[str]:
        return sorted(
            str(file.relative_to(self.folder / folder))
            for file in (self.folder / folder).rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        )
