"""The golden files of a new integration whose calls nobody has written down yet."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from console.exit_codes import CommandError
from plan.function import SOURCE_PACKAGE
from workbench.golden_cases import GoldenCase, golden_of, run_case
from workbench.integration_packages import plan_of_package
from workbench.message_files import golden_folder, message_files
from workbench.package_name import PackageName


def record_golden(root: Path, name: PackageName) -> None:
    """Write what comes of each golden message that has no golden file yet.

    Raises `CommandError` when the integration cannot be loaded, or fails over a message.
    """
    with _imported_from(root / SOURCE_PACKAGE):
        for file in message_files(root / golden_folder(name.package)):
            case = GoldenCase(file)
            if not case.golden.exists():
                trial = run_case(case, plan_of_package(name.package), None)
                if trial.is_broken:
                    raise CommandError(
                        f"{file}: the new integration cannot process it",
                        next_step=f"firehose try {file} shows why",
                    )
                case.write(golden_of(trial))


@contextmanager
def _imported_from(folder: Path) -> Iterator[None]:
    """Let packages of a folder be found, also where another copy of the product is installed."""
    sys.path.insert(0, str(folder.resolve()))
    try:
        yield
    finally:
        sys.path.remove(str(folder.resolve()))
