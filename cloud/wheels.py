"""Wheels for a platform, installed by uv: a function's, or this machine's."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import uv

from plan.target import LOCAL, Target

_UV_PLATFORM = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
"""uv's name of the oldest Linux that Lambda runs Python 3.12 or newer on, Amazon Linux 2023."""
REQUIREMENTS = "requirements.txt"
"""Pinned and hashed: in lambda_src the product's own, beside an integration's code its own."""


class WheelsRefused(Exception):  # noqa: N818 - it says what happened
    """uv installed or resolved nothing; in its own words."""


def requirements_of(source: Path) -> list[Path]:
    """List what a package of `source` installs: the product's file, then the integrations'."""
    return [source / REQUIREMENTS, *sorted(source.glob(f"*/{REQUIREMENTS}"))]


def platform_of(target: Target, runtime: str, architecture: str) -> list[str]:
    """Give uv's words for where the package will run; the embedded AWS runs it in this Python."""
    if target.name == LOCAL.name:
        return ["--python", sys.executable]
    version = runtime.removeprefix("python")
    return ["--python-platform", _UV_PLATFORM[architecture], "--python-version", version]


def install_wheels(requirements: Sequence[Path], folder: Path, *, platform: Sequence[str]) -> None:
    """Install what the files pin into a folder, wheels only, each held against its hash.

    Raises `WheelsRefused` where a release has no wheel for the platform or a hash differs.
    """
    run_uv(
        *("pip", "install", "--target", str(folder), "--no-compile-bytecode", *platform),
        *("--require-hashes", "--only-binary", ":all:"),
        *(word for file in requirements for word in ("--requirements", str(file))),
    )
    (folder / ".lock").unlink(missing_ok=True)


def run_uv(*arguments: str) -> str:
    """Run uv's own program; give what it prints. Raises `WheelsRefused`."""
    result = subprocess.run(  # noqa: S603 - uv's own program
        [uv.find_uv_bin(), "--quiet", *arguments], capture_output=True, text=True, check=False
    )
    if result.returncode:
        raise WheelsRefused(result.stderr.strip())
    return result.stdout
