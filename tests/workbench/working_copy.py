"""A copy of the working tree, in which commands may write."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from tests.border import DEPLOYMENT, copy_packages, partners

ROOT = Path(__file__).parents[2]
_NOT_COPIED = shutil.ignore_patterns(
    ".*", "__pycache__", "node_modules", "build", "cdk.out", "stacks", "local", *partners()
)


class WorkingCopy:
    """The parts of the repository that the workbench uses, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in (
            "cloud",
            "console",
            "local",
            "ops",
            "plan",
            "probe",
            "workbench",
        ):
            shutil.copytree(
                ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        copy_packages(folder)
        shutil.copytree(ROOT / "tests", folder / "tests", ignore=_NOT_COPIED)
        for file in (ROOT / "cli.py", ROOT / "pyproject.toml", DEPLOYMENT):
            shutil.copy(file, folder)

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
