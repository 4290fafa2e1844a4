"""`firehose new`: a package of one's own that works at once, or nothing at all."""

from __future__ import annotations

import ast
import json
import sys
import tomllib
from pathlib import Path

import pytest

from tests.local.documented import records
from tests.workbench.conftest import FirehoseHere
from tests.workbench.working_copy import WorkingCopy
from workbench.package_name import PackageName

NAME = PackageName("globex_data")


def test_new_integration_has_the_files_of_the_example_under_its_own_name(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    result = firehose_here("new", "globex_data", "--format", "json")

    assert result.returncode == 0, result.stderr
    assert copy.files("lambda_src/globex_data") == copy.files("lambda_src/acme")
    assert copy.files("tests/globex_data") == copy.files("tests/acme")
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
        assert "from acme" not in text
        assert "acme" not in text


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


def test_files_of_the_longest_name_are_in_the_house_format(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    firehose_here("new", "northwindanalyticstrader")

    folders = ("lambda_src/northwindanalyticstrader", "tests/northwindanalyticstrader")
    for command in (("check",), ("format", "--check")):
        result = copy.run(sys.executable, "-m", "ruff", *command, "--no-cache", *folders)
        assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("name", "suggested"),
    [
        ("My loyalty-app", "my_loyalty_app"),
        ("LoyaltyCloud", "loyalty_cloud"),
        ("9lives", "lives"),
        ("class", "class_events"),
        ("json", "json_events"),
        ("!", "NAME"),
    ],
)
def test_name_near_one_that_cannot_be_is_suggested(
    firehose_here: FirehoseHere,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    name: str,
    suggested: str,
) -> None:
    monkeypatch.chdir(tmp_path)

    assert f"firehose new {suggested}\n" in firehose_here("new", name).stderr


def test_setting_and_url_of_ones_own_pass_every_check(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    url = "https://api.globex.test/v3/"
    result = firehose_here("new", "globex", "--setting", "auth-token", "--url", url)

    assert result.returncode == 0, result.stderr
    ours = copy.folder / "lambda_src" / "globex"
    assert "apiKey" not in "".join(file.read_text() for file in ours.glob("*.py"))
    chosen = tomllib.loads((copy.folder / "deployment.toml").read_text())
    assert chosen["environment"]["PARTNER_API_URL"] == url
    assert "acme.example" not in json.dumps(chosen), "no region keeps the address of another API"
    registration = ours / "registration.py"
    registration.write_text(f'{registration.read_text()}\n\nAPI_TOKEN = "apiToken"\n')
    for check in (("ruff", "check", "--no-cache"), ("ruff", "format", "--check", "--no-cache")):
        checked = copy.run(sys.executable, "-m", *check, "lambda_src/globex", "tests/globex")
        assert checked.returncode == 0, checked.stdout
    tests = copy.run(
        sys.executable,
        *("-m", "pytest", "-q", "-p", "no:cacheprovider"),
        *("tests/globex/test_integration.py", "tests/globex/golden"),
    )
    assert tests.returncode == 0, tests.stdout


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--url", "http://api.globex.test"),
        ("--url", "api.globex.test"),
        ("--url", "https://[api"),
        ("--setting", 'a"b'),
        ("--setting", ""),
        ("--setting", "project"),
    ],
)
def test_option_that_would_not_work_is_wrong_usage(
    firehose_here: FirehoseHere, copy: WorkingCopy, *, option: str, value: str
) -> None:
    before = copy.files(".")

    result = firehose_here("new", "globex", option, value)

    assert result.returncode == 2
    assert f"{option}: found {value}" in result.stderr
    assert copy.files(".") == before


def test_minimal_integration_has_what_most_keep_and_passes_every_check(
    firehose_here: FirehoseHere, copy: WorkingCopy
) -> None:
    result = firehose_here(
        "new", "globex", "--minimal", "--setting", "auth-token", "--url", "https://globex.test/v3"
    )

    assert result.returncode == 0, result.stderr
    assert copy.files("lambda_src/globex") == ["__init__.py", "partner_api.py", "registration.py"]
    assert copy.files("tests/globex") == [
        "golden/events.golden.json",
        "golden/events.json",
        "test_registration.py",
    ]
    for check in (("ruff", "check", "--no-cache"), ("ruff", "format", "--check", "--no-cache")):
        checked = copy.run(sys.executable, "-m", *check, "lambda_src/globex", "tests/globex")
        assert checked.returncode == 0, checked.stdout
    tests = copy.run(
        sys.executable, *("-m", "pytest", "-q", "-p", "no:cacheprovider"), "tests/globex"
    )
    assert tests.returncode == 0, tests.stdout
    assert "2 passed" in tests.stdout
