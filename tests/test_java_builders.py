"""The builders of mParticle's Java SDK on the page for those who come from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import firehose
from firehose import Message
from firehose.model import Model
from tests.pages import DOCS, rows
from tests.test_guides import python_name

PAGE = next(page for page in DOCS if page.name == "from-the-java-sdk.md").read_text("utf-8")
SCHEMAS = Path(__file__).parents[2] / "shared" / "firehose-sdk-3.2.0" / "schema"
# What no setter is for: the discriminator, and what the SDK fills in by itself.
WITHOUT_SETTER = {"type", "sdk_version"} | set(Message.__struct_fields__)


def builders() -> Iterator[tuple[str, dict[str, str]]]:
    """Give each class of the page with its Java setters and what they are here."""
    for java, setters in rows(PAGE, "| Java | setters of SDK 3.2.0 |"):
        named = re.findall(r"`set(\w+)`(?: `(\w+)`)?", setters)
        keywords = {
            f"set{setter}": given or python_name(re.sub("^Is(?=[A-Z])", "", setter))
            for setter, given in named
        }
        assert len(keywords) == setters.count("`set"), "each setter stands once"
        for name in re.findall(r"`(\w+)`", java):
            yield name, keywords


@pytest.mark.parametrize(("name", "keywords"), [pytest.param(*it, id=it[0]) for it in builders()])
def test_each_java_setter_is_a_field_of_the_class_of_that_name(
    name: str, keywords: dict[str, str]
) -> None:
    ours = getattr(firehose, name)
    assert issubclass(ours, Model)
    unknown = {
        java: field for java, field in keywords.items() if field not in ours.__struct_fields__
    }

    assert unknown == {}


@pytest.mark.parametrize(("name", "keywords"), [pytest.param(*it, id=it[0]) for it in builders()])
def test_page_leaves_out_nothing_that_the_sdk_can_build(
    name: str, keywords: dict[str, str]
) -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("mParticle's SDK schemas are not beside this repository")
    schema = json.loads((SCHEMAS / f"{name}_schema.json").read_text("utf-8"))
    envelope = WITHOUT_SETTER if name.endswith("Response") else {"type"}

    assert set(keywords.values()) == set(schema["properties"]) - envelope


def test_every_class_of_the_sdk_that_a_registration_is_built_from_is_on_the_page() -> None:
    if not SCHEMAS.is_dir():
        pytest.skip("mParticle's SDK schemas are not beside this repository")
    of_registrations = re.compile(r"(\w+(Registration|Setting|Configuration)|Permissions)_schema")
    named = {file.stem for file in SCHEMAS.glob("*.json") if of_registrations.match(file.stem)}

    built = {name.removesuffix("_schema") for name in named}
    assert built - {"AuthenticationConfiguration", "Setting"} <= {name for name, _ in builders()}
