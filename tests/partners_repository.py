"""A partner's repository: the product as it is tracked, with an integration of the partner's."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import tomlkit

from tests.border import DEPLOYMENT, is_partners
from tests.running import ROOT

NAME = "loyalty"
URL = "https://eu.loyalty.test/v3"
_ALONE = ("AWS_", "FIREHOSE_", "PYTEST_", "GIT_", "COV")


class PartnersRepository:
    """A git repository in a folder of its own, in which commands run with its own code."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command at its top; `git` with an identity, `python` with its code."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(_ALONE)}
        return subprocess.run(
            command,
            cwd=self.folder,
            env={**clean, **self._identity(), "COLUMNS": "100", **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    def must(self, *command: str) -> str:
        """Run a command that has to end well; give what it wrote."""
        result = self.run(*command)
        assert result.returncode == 0, (command, result.stdout[-4000:], result.stderr[-4000:])
        return result.stdout

    def firehose(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.run(sys.executable, "-m", "cli", *arguments)

    def commit(self, title: str) -> None:
        self.must("git", "add", "--all")
        self.must("git", "commit", "--quiet", "--message", title)

    def _identity(self) -> Mapping[str, str]:
        beside = Path(sys.executable).parent
        return {
            "HOME": str(self.folder.parent),
            "PATH": f"{beside}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(str(self.folder / part) for part in ("", "lambda_src")),
            **{f"GIT_{who}_NAME": "Loyalty" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "dev@loyalty.test" for who in ("AUTHOR", "COMMITTER")},
            "GIT_CONFIG_GLOBAL": os.devnull,
        }


def product(folder: Path) -> PartnersRepository:
    """Make a repository of the product alone, as it is released: one commit on `main`.

    Nothing of a partner in whose repository this runs is in it.
    """
    folder.mkdir(parents=True)
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    for name in sorted(set(listed)):
        source = ROOT / name
        if source.is_file() and (name == "deployment.toml" or not is_partners(source)):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(DEPLOYMENT if name == "deployment.toml" else source, folder / name)
    made = PartnersRepository(folder)
    made.must("git", "init", "--quiet", "--initial-branch", "main")
    made.commit("Release 1")
    return made


def become_partners(repository: PartnersRepository) -> None:
    """Do what a partner does: an integration, a URL, a setting, a pod, a transport of their own."""
    made = repository.firehose("new", NAME, "--url", URL, "--setting", "authToken")
    assert made.returncode == 0, made.stderr
    file = repository.folder / "deployment.toml"
    chosen = tomlkit.parse(file.read_text("utf-8"))
    chosen["name"] = NAME
    chosen["pods"] = ["EU1"]
    chosen["transports"] = ["https"]
    file.write_text(tomlkit.dumps(chosen), "utf-8")
    (repository.folder / "deployment.limits.toml").write_text("", "utf-8")
    (repository.folder / "logo.svg").write_text("<svg/>", "utf-8")
    repository.commit("Our integration")
