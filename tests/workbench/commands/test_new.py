"""`firehose new`: a package of one's own that works at once, or nothing at all."""

from __future__ import annotations

import ast
import json
import sys
import tomllib
from pathlib import Path

import pytest

from console.exit_codes import CommandError
from tests.local.documented import records
from tests.workbench.conftest import FirehoseHere
from tests.workbench.working_copy import WorkingCopy
from workbench.renaming import NewName, new_name, renamed_source, renamed_text
from workbench.scaffold import chosen_in, scaffold, write_scaffold

NAME = NewName("globex_data")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> WorkingCopy:
    working = WorkingCopy(tmp_path)
    monkeypatch.chdir(tmp_path)
    return working


def test_new_integration_has_the_files_of_the_example_under_its_own_name(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    result = firehose_here("new", "globex_data", "--format", "json")

    assert result.returncode == 0, result.stderr
    assert copy.files("lambda_src/globex_data") == copy.files("lambda_src/integration")
    assert copy.files("tests/globex_data") == copy.files("tests/integration")
    written = [row["file"] for row in records("new", result.stdout)]
    assert "lambda_src/globex_data/__init__.py" in written
    assert all(file.endswith(".py") for file in copy.files("lambda_src/globex_data")), (
        "tests and messages do not travel in the Lambda package"
    )
    assert "Next: edit lambda_src/globex_data" in result.stderr
    for file in (copy.folder / "lambda_src" / "globex_data").rglob("*.py"):
        text = file.read_text()
        ast.parse(text)
        assert "Acme" not in text
        assert "from integration" not in text
        assert "Integration(MessageProcessor)" not in text


def test_choice_is_set_and_every_comment_of_the_file_stays(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    before = (copy.folder / "deployment.toml").read_text()

    firehose_here("new", "globex_data")

    after = (copy.folder / "deployment.toml").read_text()
    assert tomllib.loads(after)["code"]["integration"] == "globex_data:GlobexData"
    changed = set(after.splitlines()) ^ set(before.splitlines())
    assert all("integration = " in line for line in changed)


def test_dry_run_shows_the_files_and_writes_nothing(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    before = copy.files(".")

    result = firehose_here("new", "globex_data", "--dry-run", "--format", "json")

    assert len(json.loads(result.stdout)) > 3
    assert "Nothing was written" in result.stderr
    assert copy.files(".") == before


@pytest.mark.parametrize(
    "name", ["Acme", "9lives", "a-b", "a__b", "class", "json", "firehose", "pytest", "x" * 25, ""]
)
def test_name_that_cannot_be_a_package_is_wrong_usage(
    firehose_here: FirehoseHere, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)

    result = firehose_here("new", name)

    assert (result.returncode, result.stdout) == (2, "")
    assert f"NAME: found {name}" in result.stderr
    assert "Next: choose another name" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_folder_that_exists_is_not_touched(firehose_here: FirehoseHere, copy: WorkingCopy) -> None:
    (copy.folder / "tests" / "globex").mkdir()

    result = firehose_here("new", "globex")

    assert result.returncode == 2
    assert "tests/globex exists already" in result.stderr
    assert not (copy.folder / "lambda_src" / "globex").exists()


def test_deployment_file_with_another_artifact_is_told(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    (copy.folder / "acme.jar").touch()
    (copy.folder / "deployment.toml").write_text(
        'name = "acme"\n[code]\npath = "acme.jar"\nruntime = "java25"\nhandler = "a.B::c"\n'
    )

    result = firehose_here("new", "globex")

    assert result.returncode == 2
    assert "deploys acme.jar" in result.stderr
    assert not (copy.folder / "lambda_src" / "globex").exists()


def test_nothing_is_left_when_the_choice_cannot_be_written(copy: WorkingCopy) -> None:
    name = new_name("globex")
    files = {path: content for path, (_, content) in scaffold(copy.folder, name).items()}
    before = copy.files(".")

    with pytest.raises(CommandError, match="cannot be written"):
        write_scaffold(
            copy.folder, name, files, deployment=copy.folder / "missing" / "d.toml", choice=""
        )

    assert copy.files(".") == before


def test_file_without_a_code_table_gets_one(tmp_path: Path) -> None:
    file = tmp_path / "deployment.toml"
    file.write_text('# mine\nname = "globex"\n')

    text = chosen_in(file, NAME)

    assert text.startswith('# mine\nname = "globex"\n')
    assert tomllib.loads(text)["code"] == {"integration": "globex_data:GlobexData"}


def test_names_change_in_code_and_prose_stays() -> None:
    source = '''"""The integration: tests/integration/golden, integration:Integration."""
from integration.registration import registration
from tests.integration.service import acme_url
import integration

class Integration:  # of lambda_src/integration
    """An integration. Acme's own, at acme.example."""

    integration = Integration("Acme_UserId")
'''

    assert renamed_source(source, NAME) == (
        '''"""The integration: tests/globex_data/golden, globex_data:GlobexData."""
from globex_data.registration import registration
from tests.globex_data.service import globex_data_url
import globex_data

class GlobexData:  # of lambda_src/globex_data
    """An integration. GlobexData's own, at globex-data.example."""

    integration = GlobexData("GlobexData_UserId")
'''
    )


def test_files_of_the_longest_name_are_in_the_house_format(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    firehose_here("new", "northwindanalyticstrader")

    folders = ("lambda_src/northwindanalyticstrader", "tests/northwindanalyticstrader")
    for command in (("check",), ("format", "--check")):
        result = copy.run(sys.executable, "-m", "ruff", *command, "--no-cache", *folders)
        assert result.returncode == 0, result.stdout


def test_new_name_may_begin_with_the_brand_of_the_example() -> None:
    source = 'from integration import acme_url\n\nAPI = "Acme at acme.example"\n'

    assert renamed_source(source, NewName("acme_data")) == (
        'from acme_data import acme_data_url\n\nAPI = "AcmeData at acme-data.example"\n'
    )


def test_messages_keep_their_content_but_for_the_brand() -> None:
    text = '{"name": "Acme", "domain": "acme.example", "about": "integration", "x": "acme"}'

    assert renamed_text(text, NAME) == (
        '{"name": "GlobexData", "domain": "globex-data.example", "about": "integration",'
        ' "x": "globex_data"}'
    )
