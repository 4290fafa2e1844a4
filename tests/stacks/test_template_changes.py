"""No template changes unseen: three are kept whole, the others as what differs from one."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

from tests.stacks.readable import difference, readable, text
from tests.stacks.variants import VARIANTS, Variants

WHOLE = ("acme", "queued", "both")
"""Nothing queued; the defaults; everything that a region can have."""

BASES = {
    "full": "acme",
    "shared": "acme",
    "older": "acme",
    "jar": "acme",
    "embedded": "acme",
    "young": "queued",
    "all-queued": "queued",
    "gradual": "both",
    "https": "both",
    "https-queued": "both",
    "both-inline": "both",
}
"""The whole template that each of the others is closest to."""

SNAPSHOTS = Path(__file__).parent / "__snapshots__" / "test_template_changes"


class Templates(SingleFileSnapshotExtension):
    """Keeps each template as a text file."""

    _write_mode = WriteMode.TEXT
    file_extension = "txt"


@pytest.mark.parametrize("variant", VARIANTS)
def test_template_of_each_variant_changes_only_on_purpose(
    variants: Variants, variant: str, snapshot: SnapshotAssertion
) -> None:
    template = readable(variants.template(variant), variant)
    if variant in WHOLE:
        shown = text(template)
    else:
        base = readable(variants.template(BASES[variant]), BASES[variant])
        shown = "\n".join(
            [f"# what differs from {BASES[variant]}", *difference(base, template), ""]
        )

    assert shown == snapshot(extension_class=Templates)


def test_snapshots_stay_short_enough_to_be_read() -> None:
    lines = [len(file.read_text(encoding="utf-8").splitlines()) for file in SNAPSHOTS.iterdir()]

    assert len(lines) == len(VARIANTS)
    assert sum(lines) <= 10_000


@pytest.mark.parametrize(
    ("base", "other", "lines"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, ["- a.b: 1", "+ a.b: 2"]),
        ({"a": {"b": 1}}, {}, ["- a"]),
        ({}, {"a": {"b": {"c": 1}}}, ["+ a:", "+   b: {c: 1}"]),
        ({"a": [1, 2, 3]}, {"a": [1, 3]}, ["- a[]: 2"]),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, ["- a[0].b: 1", "+ a[0].b: 2"]),
        ({"a": "x"}, {"a": ["x"]}, ["- a: x", '+ a: ["x"]']),
    ],
)
def test_difference_says_what_goes_and_what_comes(
    base: object, other: object, lines: list[str]
) -> None:
    assert list(difference(base, other)) == lines
