"""A new package and its choice in the deployment file: both are written, or neither."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from console.exit_codes import CommandError
from tests.workbench.working_copy import WorkingCopy
from workbench.choosing import chosen_in
from workbench.package_name import PackageName, package_name
from workbench.scaffold import renamed, scaffold, write_scaffold

NAME = PackageName("globex_data")


def test_nothing_is_left_when_the_choice_cannot_be_written(copy: WorkingCopy) -> None:
    name = package_name("globex")
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


def test_new_name_may_begin_with_the_name_of_the_example() -> None:
    source = 'from acme import Acme\n\nAPI = "Acme at acme.example, Acme_UserId"\n'

    assert renamed(source, PackageName("acme_data")) == (
        'from acme_data import AcmeData\n\nAPI = "AcmeData at acme-data.example, AcmeData_UserId"\n'
    )
