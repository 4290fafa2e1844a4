"""Where what is made for a deployment lies: package, assembly, logs, proof."""

from __future__ import annotations

from pathlib import Path

from plan.names import DEPLOYMENT_FILE

_BUILD = Path("build")


def build_folder(deployment: Path) -> Path:
    """Give the folder of a deployment file; no other file shares it.

    That of the project's `deployment.toml` is `build`. Any other has one below it that is named
    like the file, and a file outside the project has one beside itself, so that both go together.
    """
    project, file = Path.cwd(), deployment.absolute()
    if file == project / DEPLOYMENT_FILE:
        return _BUILD
    if file.is_relative_to(project):
        return _BUILD / "deployments" / file.relative_to(project)
    return file.parent / _BUILD / file.name
