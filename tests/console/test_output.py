"""Data on stdout: whole for programs, readable for people."""

from __future__ import annotations

import io
import json

import pytest

from console.output import Format, Record, write

RECORDS: list[Record] = [
    {
        "pod": "US1",
        "arn": f"arn:aws:lambda:us-east-1:000000000000:function:{'x' * 200}:production",
        "granted": ("338661164609", "457804467337"),
        "right": True,
        "email": None,
    }
]


def written(form: Format) -> str:
    stream = io.StringIO()
    write(RECORDS, form=form, stream=stream)
    return stream.getvalue()


def test_json_is_the_records_themselves() -> None:
    (record,) = json.loads(written(Format.JSON))

    assert record == {**RECORDS[0], "granted": ["338661164609", "457804467337"]}


@pytest.mark.parametrize("form", [Format.TABLE, Format.MARKDOWN])
def test_nothing_is_cut_off_where_no_terminal_sets_a_width(form: Format) -> None:
    text = written(form)

    assert str(RECORDS[0]["arn"]) in text
    assert "338661164609" in text
    assert "yes" in text


def test_markdown_is_one_line_for_each_record() -> None:
    heading, rule, row = written(Format.MARKDOWN).strip().splitlines()

    assert [cell.strip() for cell in heading.strip("| ").split("|")] == list(RECORDS[0])
    assert set(rule.strip()) <= {"|", "-", ":"}
    assert "338661164609, 457804467337" in row


def test_no_records_are_an_empty_list() -> None:
    stream = io.StringIO()
    write([], form=Format.JSON, stream=stream)

    assert json.loads(stream.getvalue()) == []


FACTS = ("pod", "right")


def with_facts(form: Format, *, details: bool = True) -> str:
    stream = io.StringIO()
    write(RECORDS, form=form, facts=FACTS, details=details, stream=stream)
    return stream.getvalue()


def test_table_has_the_facts_and_the_details_below_it_each_named() -> None:
    text = with_facts(Format.TABLE)
    heading = next(line for line in text.splitlines() if line.strip())
    below = text[text.index("US1: ") :]

    assert heading.split() == list(FACTS)
    assert f"arn {RECORDS[0]['arn']}" in " ".join(below.split())
    assert "granted 338661164609, 457804467337" in " ".join(below.split())
    assert "email" not in below, "what a row has not is not named"


def test_table_without_details_has_the_facts_alone() -> None:
    assert "US1: " not in with_facts(Format.TABLE, details=False)


@pytest.mark.parametrize("form", [Format.JSON, Format.MARKDOWN])
def test_other_forms_have_every_column_whatever_the_facts_are(form: Format) -> None:
    assert with_facts(form) == written(form)


def test_details_fit_a_page_of_100_columns() -> None:
    records: list[Record] = [{"pod": "US1", "words": "word " * 100}]
    stream = io.StringIO()
    write(records, form=Format.TABLE, facts=("pod",), stream=stream)

    assert max(map(len, stream.getvalue().splitlines())) <= 100
