"""A new integration, made from the shipped example: its code, its tests, its golden messages."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

from console.exit_codes import CommandError, UsageError
from console.whole_file import write_whole
from plan.function import SOURCE_PACKAGE
from workbench.golden_files import GOLDEN_ENDING
from workbench.package_name import PackageName
from workbench.partner_api.scaffold_files import ApiScaffold, api_files

EXAMPLE = PackageName("acme")
_EXAMPLE_SETTING = "apiKey"
_MINIMAL = Path("workbench", "minimal")
_SHARED = ("partner_api.py", "golden/events.json")
"""What the minimal one has of the whole example."""
_CALLED = '"path": "/'
"""How the path of a call begins in a golden file."""
_ROOTS = (SOURCE_PACKAGE, "tests")
"""Where an integration lives. Tests are not beside the code, because all of `lambda_src` travels
in the Lambda package."""


def scaffold(
    root: Path,
    name: PackageName,
    *,
    minimal: bool = False,
    setting: str | None = None,
    url: str | None = None,
    api: ApiScaffold | None = None,
) -> dict[Path, tuple[Path, str]]:
    """Give each file of the new integration with the file it is made from and its content.

    `minimal` leaves audiences, erasures and most tests out. With an `api`, bodies and calls are
    made from its document, which lies beside the tests from then on. `setting` is the id of the
    setting that holds the customer's key; left out, that of the example.
    The path of `url` comes before those of the calls in the golden files.
    Paths are relative to `root`. Raises `UsageError` when there is no example to copy, or a
    folder of that name.
    """
    for folder in _ROOTS:
        if (root / folder / name.package).exists():
            raise UsageError(
                f"{folder}/{name.package} exists already",
                next_step="choose another name, or remove the folder if you do not need it",
            )
        if not (root / folder / EXAMPLE.package).is_dir():
            raise UsageError(
                f"{folder}/{EXAMPLE.package}, the example that is copied, is not there",
                next_step="run this at the top of the repository, or get the folder back from git",
            )
    _check_setting(root / SOURCE_PACKAGE / EXAMPLE.package / "registration.py", setting)
    sources = {
        place: (file.relative_to(root), _renewed(file, name, setting=setting, url=url))
        for place, file in _sources(root, minimal=minimal)
    }
    if api:
        sources = _of_api(sources, api)
    return {
        Path(place.parts[0], name.package, *place.parts[1:]): it for place, it in sources.items()
    }


def _renewed(file: Path, name: PackageName, *, setting: str | None, url: str | None) -> str:
    text = renamed(file.read_text(encoding="utf-8"), name, setting=setting)
    if file.name.endswith(GOLDEN_ENDING):
        base = urlsplit(url or "").path.rstrip("/")
        return text.replace(_CALLED, f"{_CALLED[:-1]}{base}/")
    return text


def _of_api(
    sources: Mapping[Path, tuple[Path, str]], api: ApiScaffold
) -> dict[Path, tuple[Path, str]]:
    """Put what is made for the API in place of the example's; its golden files are recorded."""
    made = api_files({place: text for place, (_, text) in sources.items()}, api)
    kept = {place: it for place, it in sources.items() if not place.name.endswith(GOLDEN_ENDING)}
    files = {
        place: (kept[place][0] if place in kept else api.file, text) for place, text in made.items()
    }
    copy = Path("tests", f"openapi{api.file.suffix}")
    return kept | files | {copy: (api.file, api.file.read_text(encoding="utf-8"))}


def _sources(root: Path, *, minimal: bool) -> Iterator[tuple[Path, Path]]:
    """Give each file to copy, after its place without the package's name."""
    for folder in _ROOTS:
        example = root / folder / EXAMPLE.package
        if minimal:
            files = [example / name for name in _SHARED if (example / name).is_file()]
            yield from ((Path(folder, file.relative_to(example)), file) for file in files)
            example = root / _MINIMAL / folder
        for file in sorted(example.rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield Path(folder, file.relative_to(example)), file


def _check_setting(registration: Path, setting: str | None) -> None:
    if setting not in {None, _EXAMPLE_SETTING} and f'"{setting}"' in registration.read_text():
        raise UsageError(
            f"--setting: found {setting}, which the example has for something else",
            next_step="choose the id that your customers' key shall have in mParticle",
        )


def renamed(text: str, name: PackageName, *, setting: str | None = None) -> str:
    """Put a name in place of the example's: package, class, domain and the id of its setting."""
    names = {
        f"{EXAMPLE.domain_label}.example": f"{name.domain_label}.example",
        EXAMPLE.class_name: name.class_name,
        EXAMPLE.package: name.package,
        _EXAMPLE_SETTING: setting or _EXAMPLE_SETTING,
    }
    return re.sub("|".join(map(re.escape, names)), lambda found: names[found.group()], text)


def write_scaffold(
    root: Path, name: PackageName, files: Mapping[Path, str], *, deployment: Path, choice: str
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


def _format(folder: Path, name: PackageName) -> None:
    """Sort imports, drop unused ones and break lines anew: another name, another length."""
    own = f"lint.isort.known-first-party=['{name.package}', 'tests']"  # not in their places yet
    for command in (
        ["check", "--quiet", "--fix", "--select", "I,F401", "--config", own],
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
