"""An SVG that only draws: what it may consist of. Everything else is refused.

Programs that show an SVG run its scripts, load what it refers to and follow its style sheets, each
in its own way. A list of what is bad is never complete, so this is a list of what a logo needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from ops.handoff.static_css import style_problems, stylesheet_problems, value_problems

_SVG = "{http://www.w3.org/2000/svg}"
_XLINK_HREF = "{http://www.w3.org/1999/xlink}href"
_XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ENCODING = re.compile(r"""\sencoding\s*=\s*["']([^"']*)""")
# No picture, animation, link, foreign content, marker or pattern: a picture is not sharp at every
# size, and of markers and patterns a few lines can take minutes to draw.
_ELEMENTS = _names(
    "svg g defs symbol use title desc style path rect circle ellipse line polyline polygon text"
    " tspan linearGradient radialGradient stop clipPath mask filter feBlend feColorMatrix"
    " feComposite feFlood feGaussianBlur feMerge feMergeNode feOffset feDropShadow"
)
_STYLED = _names(
    "clip-path clip-rule color color-interpolation color-interpolation-filters display"
    " dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font-family"
    " font-size font-stretch font-style font-variant font-weight isolation letter-spacing mask"
    " mask-type mix-blend-mode opacity overflow paint-order shape-rendering stop-color"
    " stop-opacity stroke stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity"
    " stroke-width text-anchor text-rendering transform transform-box transform-origin"
    " vector-effect visibility white-space word-spacing"
)
"""Properties, which are attributes as well."""
_ATTRIBUTES = _STYLED | _names(
    "id class role aria-label aria-labelledby aria-hidden data-name version baseProfile viewBox"
    " preserveAspectRatio width height x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d points pathLength"
    " dx dy rotate textLength lengthAdjust gradientUnits gradientTransform spreadMethod offset"
    " clipPathUnits maskUnits maskContentUnits filterUnits primitiveUnits in in2 result mode"
    " operator k1 k2 k3 k4 type values stdDeviation"
)


class NotStaticError(Exception):
    """The file does more than draw, or is no SVG; `problems` says all that is wrong, with lines."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def read_static(content: bytes) -> etree._Element:
    """Read an SVG in UTF-8 and give its root. Raises `NotStaticError`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotStaticError(["it is not text in UTF-8"]) from None
    if "<!DOCTYPE" in text:
        raise NotStaticError(["it has a DOCTYPE or entities, which programs refuse for safety"])
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotStaticError([f"it is no XML: {error.msg}"]) from None
    if root.tag != f"{_SVG}svg":
        raise NotStaticError(["it is no SVG: its root is not svg in the SVG namespace"])
    if problems := list(dict.fromkeys(_problems(text, root))):
        raise NotStaticError(problems)
    return root


def _problems(text: str, root: etree._Element) -> Iterator[str]:
    yield from _declared_encoding(text)
    around = [*root.itersiblings(preceding=True), *root.itersiblings()]
    for node in [*around, *root.iter()]:
        if isinstance(node, etree._Comment):
            continue
        if not isinstance(node.tag, str):
            yield f"it has a processing instruction (line {node.sourceline})"
            continue
        name = node.tag.removeprefix(_SVG)
        where = f"(line {node.sourceline})"
        if name not in _ELEMENTS:
            yield f"it has the element {_named(name)}, which is not one of a plain drawing {where}"
            continue
        problems = _of_attributes(node)
        yield from (f"{problem} in {name} {where}" for problem in problems)
        if name == "style":
            sheet = "".join(map(str, node.itertext()))
            yield from (f"{it} in style {where}" for it in stylesheet_problems(sheet, _STYLED))


def _declared_encoding(text: str) -> Iterator[str]:
    """Refuse a declaration that would make another program read other characters than we do."""
    declaration = text.partition("?>")[0] if text.startswith("<?xml") else ""
    declared = _ENCODING.search(declaration)
    if declared and declared[1].lower() not in {"utf-8", "us-ascii"}:
        yield "it declares another encoding than UTF-8"


def _of_attributes(element: etree._Element) -> Iterator[str]:
    for key, value in element.attrib.items():
        name, text = str(key), str(value)
        if name in {"href", _XLINK_HREF}:
            if not text.strip().startswith("#"):
                yield "a reference to something outside the file"
        elif name == "style":
            yield from style_problems(text, _STYLED)
        elif name in _STYLED:
            yield from value_problems(text)
        elif name not in _ATTRIBUTES and name != _XML_SPACE:
            yield f"the attribute {_named(name)}, which is not one of a plain drawing"


def _named(name: str) -> str:
    """Give a name without its namespace, short enough for a line."""
    local = name.rpartition("}")[2][:40]
    return f"{local} of a foreign namespace" if name.startswith("{") else local
