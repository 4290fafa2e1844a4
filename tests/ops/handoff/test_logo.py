"""Logos that mParticle can show, and those that it should not be sent."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.exit_codes import CommandError
from ops.handoff.logo import check_logo

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50"{0}>{1}</svg>'
CIRCLE = '<circle cx="50" cy="25" r="20" fill="#2563c9"/>'
PLAIN = SVG.format("", CIRCLE)


def logo(tmp_path: Path, inside: str = CIRCLE, attributes: str = "") -> Path:
    file = tmp_path / "logo.svg"
    file.write_text(SVG.format(attributes, inside))
    return file


def test_plain_logo_is_taken_as_it_is(tmp_path: Path) -> None:
    file = logo(tmp_path)

    assert check_logo(file) == (file.read_bytes(), [])


MORE_THAN_A_DRAWING = {
    "a script": ("<script>1</script>", "the element script"),
    "a script of XHTML": (
        '<script xmlns="http://www.w3.org/1999/xhtml">1</script>',
        "the element script of a foreign namespace",
    ),
    "an element of an editor": ('<a:view xmlns:a="urn:a"/>', "view of a foreign namespace"),
    "an attribute of an editor": (
        '<g xmlns:a="urn:a" a:label="x"/>',
        "the attribute label of a foreign namespace",
    ),
    "another base": ('<g xml:base="https://a.example"/>', "the attribute base"),
    "an event handler": ('<circle onload="x()" r="1"/>', "the attribute onload"),
    "an animation": ('<animateTransform attributeName="x"/>', "the element animateTransform"),
    "a change of a link": ('<set attributeName="href" to="x"/>', "the element set"),
    "foreign content": ("<foreignObject/>", "the element foreignObject"),
    "a picture": ('<image href="https://a.example/b.png"/>', "the element image"),
    "an SVG in an SVG": ('<image href="data:image/svg+xml;base64,PHN2Zz4="/>', "the element image"),
    "a link": ('<a href="https://a.example">x</a>', "the element a,"),
    "another file": (
        '<use xmlns:x="http://www.w3.org/1999/xlink" x:href="other.svg#a"/>',
        "outside the file",
    ),
    "another file without a prefix": ('<use href="other.svg#a"/>', "outside the file"),
    "a script in a reference": ('<use href=" javascript:x"/>', "outside the file"),
    "an address in a style sheet": ("<style>a{fill:url(https://a.example)}</style>", "outside"),
    "an address in capitals": ("<style>a{fill:URL(https://a.example)}</style>", "outside"),
    "a quoted address": ("<style>a{fill:url('https://a.example')}</style>", "outside"),
    "an escaped address": (
        r"<style>a{fill:\75 r\6c(https://a.example)}</style>",
        "outside the file",
    ),
    "an escape inside a name": (r"<style>a{fill:u\72l('//a.example')}</style>", "outside"),
    "an address in an attribute": ('<g fill="url(//a.example#a)"/>', "outside the file"),
    "an address in a style": ('<g style="mask:url(//a.example#a)"/>', "outside the file"),
    "an address beside a part": ("<g style=\"mask:url('#a' x)\"/>", "outside the file"),
    "an imported style sheet": ("<style>@import 'a.css';</style>", "the CSS rule @import"),
    "an import in capitals": ("<style>@IMPORT 'a.css';</style>", "the CSS rule @import"),
    "an escaped import": (r"<style>@\69mport 'a.css';</style>", "the CSS rule @import"),
    "a font": ("<style>@font-face{src:url(a)}</style>", "the CSS rule @font-face"),
    "a set of pictures": (
        "<style>a{fill:image-set('a.png' 1x)}</style>",
        "the CSS function image-set()",
    ),
    "an unknown property": ("<style>a{background:red}</style>", "the CSS property background"),
    "a property of its own": ('<g style="--a:red"/>', "the CSS property --a"),
    "functions without end": (f'<g fill="{"rgb(" * 5_000}"/>', "a CSS function inside another"),
    "blocks without end": (f'<g fill="{"(" * 50_000}"/>', "a CSS block inside a value"),
    "elements without end": ("<g>" * 5_000 + "</g>" * 5_000, "it is no XML"),
    "a processing instruction": ("<?php 1?>", "a processing instruction"),
}


@pytest.mark.parametrize("case", MORE_THAN_A_DRAWING)
def test_what_does_more_than_draw_is_refused(tmp_path: Path, case: str) -> None:
    inside, reason = MORE_THAN_A_DRAWING[case]

    with pytest.raises(CommandError, match="cannot be used") as raised:
        check_logo(logo(tmp_path, inside + CIRCLE))

    assert reason in str(raised.value)


def test_all_problems_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    inside = "\n<script/>\n<g onclick='x'/>" + CIRCLE

    with pytest.raises(CommandError) as raised:
        check_logo(logo(tmp_path, inside))

    _, *problems = str(raised.value).splitlines()
    assert [problem[-8:] for problem in problems[:2]] == ["(line 2)", "(line 3)"]


DRAWN_LIKE_A_DRAWING = [
    '<g opacity="50%"><path d="M20 10h30v30z" fill="hsl(210 60% 40% / 90%)"/></g>',
    "<style>/* of the editor */ .a, [id] { fill : URL('#a') ; stroke:none !important }</style>",
    '<linearGradient id="a"><stop stop-color="#123"/></linearGradient><g fill="url(#a)"/>',
    '<path class="a" d="M20 10h30v30z" transform="rotate(5) scale(.9)" data-name="Layer 1"/>',
    '<filter id="f"><feGaussianBlur stdDeviation="1"/></filter><g filter="url(#f)"/>',
    '<symbol id="s"><path d="M1 1"/></symbol><use href="#s"/>',
    '<text x="1" y="40" xml:space="preserve">acme</text><!-- a comment -->',
]


@pytest.mark.parametrize("inside", DRAWN_LIKE_A_DRAWING)
def test_what_editors_write_into_a_plain_drawing_is_taken(tmp_path: Path, inside: str) -> None:
    assert check_logo(logo(tmp_path, inside + CIRCLE))[1] == []


BACKGROUNDS = {
    "a rect": '<rect width="100%" height="100%" fill="#fff"/>',
    "a rect without a fill": '<rect width="100" height="50"/>',
    "a style": '<rect width="100" height="50" style="fill:white"/>',
    "a class": '<style>.b{fill:white}</style><rect class="b" width="100" height="50"/>',
    "rgb()": '<rect width="100" height="50" fill="rgb(255,255,255)"/>',
    "a path": '<path d="M0 0H100V50H0z" fill="#fff"/>',
    "a polygon": '<polygon points="0,0 100,0 100,50 0,50" fill="#fff"/>',
    "a scaled symbol": '<defs><path id="b" d="M0 0h1v1H0z"/></defs><use href="#b"'
    ' transform="scale(100 50)"/>',
    "a wide stroke": '<path d="M0 25H100" stroke="#fff" stroke-width="60"/>',
    "a circle around all": '<circle cx="50" cy="25" r="90" fill="#fff"/>',
    "half transparent": '<rect width="100" height="50" fill="#fff" opacity="60%"/>',
    "white with a margin": '<rect x="3" y="3" width="94" height="44" rx="9" fill="#fefefe"/>',
}


@pytest.mark.parametrize("case", BACKGROUNDS)
def test_a_background_is_found_however_it_is_made(tmp_path: Path, case: str) -> None:
    with pytest.raises(CommandError, match="background"):
        check_logo(logo(tmp_path, BACKGROUNDS[case] + CIRCLE))


@pytest.mark.parametrize(
    "inside",
    [
        '<rect width="100" height="50" fill="none" stroke="#000"/>',
        '<rect width="100" height="50" fill="#fff" opacity="0%"/>',
        '<rect width="100" height="10" fill="#222"/>',
        '<defs><rect width="100" height="50" fill="#fff"/></defs>',
    ],
)
def test_what_only_looks_like_a_background_is_fine(tmp_path: Path, inside: str) -> None:
    assert check_logo(logo(tmp_path, inside + CIRCLE))[1] == []


@pytest.mark.parametrize(
    "inside",
    ["", "<title>acme</title>", '<circle r="9" opacity="0"/>', '<text y="9">a</text>'],
)
def test_logo_in_which_nothing_is_seen_is_refused(tmp_path: Path, inside: str) -> None:
    with pytest.raises(CommandError, match="nothing is visible"):
        check_logo(logo(tmp_path, inside))


@pytest.mark.parametrize(
    "size", ["", 'viewBox="0 0 0 0"', 'width="nan" height="1"', 'viewBox="0 0 1 1000000"']
)
def test_logo_without_a_usable_size_is_refused(tmp_path: Path, size: str) -> None:
    file = tmp_path / "logo.svg"
    file.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{CIRCLE}</svg>')

    with pytest.raises(CommandError, match=r"it has no size|longer than"):
        check_logo(file)


def test_drawing_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    levels = "".join(
        f'<g id="l{level}">{f"""<use href="#l{level - 1}"/>""" * 10}</g>' for level in range(1, 9)
    )

    with pytest.raises(CommandError, match="it cannot be drawn"):
        check_logo(logo(tmp_path, f'<defs><g id="l0">{CIRCLE}</g>{levels}</defs><use href="#l8"/>'))


@pytest.mark.parametrize("colour", ["#FF0", "yellow", "rgb(255 255 0)"])
def test_colour_that_is_hard_to_see_on_white_is_a_warning(tmp_path: Path, colour: str) -> None:
    spot = f'<circle cx="9" cy="9" r="9" fill="{colour}"/>'
    (warning,) = check_logo(logo(tmp_path, spot + CIRCLE))[1]

    assert warning == "#ffff00 is hard to see on white (contrast 1.1, want 3)"


@pytest.mark.parametrize(
    "content",
    [
        b"no xml",
        b"<html/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>',
        b'<?xml-stylesheet href="a.css"?>' + PLAIN.encode(),
        PLAIN.encode() + b'<?xml-stylesheet href="a.css"?>',
        PLAIN.encode("utf-16"),
        PLAIN.replace("<svg", "\xe9<svg").encode("latin-1"),
        b"<?xml version='1.0' encoding='UTF-7'?>" + PLAIN.encode(),
        b'<?xml version="1.0" encoding="no-such"?>' + PLAIN.encode(),
        PLAIN.replace("</svg>", "&undefined;</svg>").encode(),
        b"\0" + PLAIN.encode(),
        b"",
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
