"""A pytest plug-in: every message in a folder `golden` is a test of the integration it belongs to.

`tests/NAME/golden` belongs to the package NAME of `lambda_src`, whichever deployment.toml deploys.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.exit_codes import CommandError
from workbench.golden_files import GOLDEN_ENDING

_FOLDER = "golden"
_MESSAGE_ENDING = ".json"
_UPDATE = "--update-golden"


class GoldenFailure(Exception):  # noqa: N818 - a test's failure, not an error of ours
    """A case did not come out as expected; says how, and what to do next."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that accepts what comes."""
    parser.addoption(
        _UPDATE,
        action="store_true",
        help="write what comes of the golden messages instead of comparing it",
    )


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a message with its golden file, and a golden file that has lost its message."""
    if file_path.parent.name != _FOLDER or file_path.suffix != _MESSAGE_ENDING:
        return None
    stem = file_path.name.removesuffix(GOLDEN_ENDING)
    if stem == file_path.name:
        collector: type[pytest.File] = MessageFile
    elif not file_path.with_name(f"{stem}{_MESSAGE_ENDING}").exists():
        collector = StaleFile
    else:
        return None
    found: pytest.Collector = collector.from_parent(parent, path=file_path)
    return found


class MessageFile(pytest.File):
    """One message."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give its one test."""
        yield GoldenItem.from_parent(self, name="golden")


class StaleFile(pytest.File):
    """A golden file without its message."""

    def collect(self) -> Iterator[pytest.Item]:
        """Give the test that fails over it."""
        yield StaleItem.from_parent(self, name="stale")


class _Item(pytest.Item):
    @property
    def updates(self) -> bool:
        return bool(self.config.getoption(_UPDATE))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Show what says all there is to say as it is, and anything else with its trace."""
        from workbench.golden_cases import UnreadableGolden  # noqa: PLC0415 - see `runtest`

        if isinstance(excinfo.value, GoldenFailure | UnreadableGolden | CommandError):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Name the test by its file."""
        return self.path, None, self.path.name


class GoldenItem(_Item):
    """The test of one message."""

    def runtest(self) -> None:
        """Run the message and compare, or with `--update-golden` write what came of it."""
        # Tests without golden files need none of it.
        from workbench import golden_cases  # noqa: PLC0415 - see above
        from workbench.integration_packages import plan_of_package  # noqa: PLC0415
        from workbench.network_guard import refusal_of  # noqa: PLC0415
        from workbench.trial_records import bugs_of  # noqa: PLC0415

        case = golden_cases.GoldenCase(self.path)
        expected = case.expected()
        plan = plan_of_package(self.path.parent.parent.name)
        trial = golden_cases.run_case(case, plan, expected)
        if trial.refused_hosts:
            raise GoldenFailure(refusal_of(trial.refused_hosts))
        came = golden_cases.kept_varying(expected, golden_cases.golden_of(trial))
        if not golden_cases.keeps_promise(case, came):
            raise GoldenFailure(
                f"{case.message.name} is named after {case.promised_status}, but no call is"
                f' answered so.\nNext: write "status": {case.promised_status} into the answer of'
                f" a call in {case.golden.name}, then pytest {_UPDATE} {self._shown}; or rename it"
            )
        if self.updates:
            case.write(came)
            return
        if expected is None:
            raise GoldenFailure(
                f"{case.golden.name} is missing, so nothing says what should come of the message."
                f"\nNext: pytest {_UPDATE} {self._shown}, then read what it wrote"
            )
        if difference := golden_cases.difference(expected, came):
            raised = "".join(f"\nraised\n{bug}\n" for bug in bugs_of(trial))
            raise GoldenFailure(
                f"{difference}\n{raised}\nNext: mend the integration, or accept what came"
                f" with pytest {_UPDATE} {self._shown}."
                f' Write "{golden_cases.VARIES}" in place of a value that differs each time.'
            )

    @property
    def _shown(self) -> Path:
        rootpath = self.config.rootpath
        return self.path.relative_to(rootpath) if self.path.is_relative_to(rootpath) else self.path


class StaleItem(_Item):
    """The test that a golden file has its message."""

    def runtest(self) -> None:
        """Fail, or with `--update-golden` remove the file."""
        if self.updates:
            self.path.unlink()
            return
        raise GoldenFailure(
            f"{self.path.name} belongs to no message.\nNext: remove it, or run pytest {_UPDATE}"
        )
