"""Packages that an integration needs: resolved, pinned with hashes, and tried on its platform.

`requirements.in` beside its code says what it needs, `requirements.txt` what that pulls in.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cloud.wheels import REQUIREMENTS, WheelsRefused, install_wheels, run_uv
from console.exit_codes import CommandError, UsageError
from console.whole_file import write_whole
from plan.quotas import LARGEST_PACKAGE_BYTES

WANTED = "requirements.in"
_BEGINNING = "# What this integration needs beyond the product. `firehose add PACKAGE` pins it.\n"
_REQUIREMENT = re.compile(
    r"(?P<name>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)(?:\[[\w ,.-]+\])?"
    r"\s*(?:(?:===?|[<>~!]=?)\s*[\w.*+!-]+\s*,?\s*)*"
)
_PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The two files as they would be, and the versions before and after by name.

    `package_bytes` is what the whole Lambda package's wheels take, unzipped.
    """

    wanted: str
    locked: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    package_bytes: int


def resolve(
    integration: Path,
    packages: Sequence[str],
    *,
    constraints: Sequence[Path],
    platform: Sequence[str],
    python: str,
) -> Resolution:
    """Find releases that fit what is pinned already, and install them for the function's platform.

    `integration` is the folder of its code. What it has pinned before stays, and so does what the
    `constraints` pin. `python` is the oldest version that has to run it, such as `3.11`.

    Raises `CommandError`: code 2 for what is no requirement; otherwise when none fit, one has no
    wheel for the platform, or the package would be larger than AWS takes.
    """
    wanted = _with(_text(integration / WANTED) or _BEGINNING, packages)
    before = _text(integration / REQUIREMENTS)
    with tempfile.TemporaryDirectory(prefix="add-") as scratch:
        source, lock = Path(scratch, WANTED), Path(scratch, REQUIREMENTS)
        source.write_text(wanted, "utf-8")
        lock.write_text(before, "utf-8")  # uv keeps what it pins
        with _refusals(
            f"{', '.join(packages)} does not fit",
            next_step="name another release, such as 'PACKAGE<2', or one that has wheels",
        ):
            run_uv(
                *("pip", "compile", str(source), "--output-file", str(lock), "--universal"),
                *("--no-header", "--no-annotate", "--generate-hashes", "--only-binary", ":all:"),
                *("--python-version", python),
                *(word for file in constraints for word in ("--constraints", str(file))),
            )
        # The product's own wheels are in the package, too.
        own, folder = integration.parent / REQUIREMENTS, Path(scratch, "package")
        with _refusals(
            "It cannot be installed for the function's platform",
            next_step="name a release that has wheels for it; PyPI lists them at Download files",
        ):
            install_wheels([own, lock] if own.is_file() else [lock], folder, platform=platform)
        size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
        locked = lock.read_text("utf-8")
    if size > LARGEST_PACKAGE_BYTES:
        raise CommandError(
            f"{', '.join(packages)}: the Lambda package would have {megabytes(size)} unzipped;"
            f" AWS takes {megabytes(LARGEST_PACKAGE_BYTES)}",
            next_step="choose a smaller package, or call it as a service",
        )
    return Resolution(
        wanted=wanted,
        locked=locked,
        before=_pins(before),
        after=_pins(locked),
        package_bytes=size,
    )


def keep(integration: Path, resolution: Resolution) -> None:
    """Install what was resolved into this Python's environment, then write both files.

    Raises `CommandError` when it cannot be installed here; nothing is written then.
    """
    with tempfile.TemporaryDirectory(prefix="add-") as scratch:
        lock = Path(scratch, REQUIREMENTS)
        lock.write_text(resolution.locked, "utf-8")
        with _refusals(
            "It cannot be installed into this environment",
            next_step="name a release that has wheels for this machine, too",
        ):
            run_uv(
                *("pip", "install", "--python", sys.executable, "--requirements", str(lock)),
                *("--require-hashes", "--only-binary", ":all:"),
            )
    write_whole(integration / WANTED, resolution.wanted)
    write_whole(integration / REQUIREMENTS, resolution.locked)


def megabytes(size: int) -> str:
    """Write a size as AWS counts it, 1 MB being 2^20 bytes."""
    return f"{size / 2**20:.1f} MB"


def _with(wanted: str, packages: Sequence[str]) -> str:
    """Put requirements in place of those of the same names, or after the others."""
    lines = wanted.splitlines()
    for package in packages:
        name = _name(package)
        if name is None:
            raise UsageError(
                f"PACKAGE: found {package}; allowed: a name on PyPI, with versions or without",
                next_step="firehose add PACKAGE, or firehose add 'PACKAGE>=2,<3'",
            )
        lines = [line for line in lines if _name(line.partition("#")[0].strip()) != name]
        lines.append(package)
    return "\n".join([*lines, ""])


def _name(requirement: str) -> str | None:
    """Give a requirement's name as indexes compare it; none for an option, a path or a URL."""
    found = _REQUIREMENT.fullmatch(requirement)
    return re.sub(r"[-_.]+", "-", found["name"]).lower() if found else None


@contextmanager
def _refusals(what: str, *, next_step: str) -> Iterator[None]:
    """Tell what uv refuses in a block, in its own words."""
    try:
        yield
    except WheelsRefused as error:
        raise CommandError(f"{what}:\n{error}", next_step=next_step) from None


def _pins(locked: str) -> dict[str, str]:
    return {found["name"]: found["version"] for found in _PIN.finditer(locked)}


def _text(file: Path) -> str:
    return file.read_text("utf-8") if file.is_file() else ""
