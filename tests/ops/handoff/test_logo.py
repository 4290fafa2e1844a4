"""Logos that mParticle can show, and those that it should not be sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.exit_codes import CommandError
from ops.handoff.logo import check_logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"{0}>{1}</svg>'
CIRCLE = '<circle cx="50" cy="25" r="20" fill="#2563c9"/>'


def logo(tmp_path: Path, inside: str = CIRCLE, attributes: str = "") -> Path:
    file = tmp_path / "logo.svg"
    file.write_text(SVG.format(attributes, inside))
    return file


def test_plain_logo_is_taken_as_it_is(tmp_path: Path) -> None:
    file = logo(tmp_path)

    assert check_logo(file) == (file.read_bytes(), [])


@pytest.mark.parametrize(
    ("inside", "reason"),
    [
        ("<script>1</script>", "a script element"),
        ('<circle onload="x()" r="1"/>', "the event handler onload"),
        ('<image href="https://a.example/b.png" width="1"/>', "outside the file"),
        ('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="other.svg#a"/>', "outside the file"),
        ("<style>a{background:url(https://a.example)}</style>", "outside the file"),
        ("<foreignObject/>", "a foreignObject element"),
        ('<rect width="100%" height="100%" fill="#fff"/>', "transparent background"),
        ('<rect width="100" height="50" style="fill:white"/>', "transparent background"),
        ('<image href="data:image/png;base64,AA" width="100" height="50"/>', "a image covers all"),
    ],
)
def test_active_external_and_opaque_content_is_refused(
    tmp_path: Path, inside: str, reason: str
) -> None:
    with pytest.raises(CommandError, match="cannot be used") as raised:
        check_logo(logo(tmp_path, inside + CIRCLE))

    assert reason in str(raised.value)


@pytest.mark.parametrize(
    "inside",
    [
        '<rect width="100" height="50" fill="none" stroke="#000"/>',
        '<rect width="100" height="10" fill="#222"/>',
        '<defs><linearGradient id="a"/></defs><path d="M0 0" fill="url(#a)"/>',
    ],
)
def test_what_only_looks_like_a_background_is_fine(tmp_path: Path, inside: str) -> None:
    assert check_logo(logo(tmp_path, inside))[1] == []


def test_colour_that_white_swallows_is_a_warning(tmp_path: Path) -> None:
    (warning,) = check_logo(logo(tmp_path, '<circle r="9" fill="#FF0"/>' + CIRCLE))[1]

    assert warning == "#ff0 is hard to see on white (contrast 1.1, want 3)"


@pytest.mark.parametrize(
    "content",
    [
        b"no xml",
        b"<html/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><svg xmlns="http://www.w3.org/2000/svg"/>',
        b" " * 600_000,
    ],
)
def test_what_is_no_plain_svg_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "logo.svg"
    file.write_bytes(content)

    with pytest.raises(CommandError, match=r"--logo: .* cannot be used"):
        check_logo(file)


def test_missing_logo_is_told(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        check_logo(tmp_path / "logo.svg")
