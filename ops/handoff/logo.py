"""The partner's logo for mParticle: an SVG with a transparent background that is safe to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from console.exit_codes import CommandError, ExitCode

_LARGEST_BYTES = 512_000
_SVG = "{http://www.w3.org/2000/svg}"
_SHAPES = frozenset({"rect", "image"})
_ACTIVE = frozenset({"script", "foreignObject", "iframe", "animate", "set"})
_FULL_SHARE = 0.98
_READABLE = 3.0
"""The least contrast of graphics on white: WCAG 2.2, success criterion 1.4.11."""


def check_logo(file: Path) -> tuple[bytes, list[str]]:
    """Read a logo; give its bytes and warnings.

    Raises `CommandError` with all that makes it unusable: no SVG, active or external content, a
    background.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _unusable(file, [error.strerror or "it cannot be read"]) from None
    if len(content) > _LARGEST_BYTES:
        raise _unusable(file, [f"it has more than {_LARGEST_BYTES:,} bytes"])
    if re.search(rb"<!(DOCTYPE|ENTITY)", content, re.IGNORECASE):
        raise _unusable(file, ["it has a DOCTYPE or entities, which programs refuse for safety"])
    try:
        root = ET.fromstring(content)  # noqa: S314 - entities are refused above
    except ET.ParseError as error:
        raise _unusable(file, [f"it is no XML: {error}"]) from None
    if root.tag != f"{_SVG}svg":
        raise _unusable(file, ["it is no SVG: its root is not svg in the SVG namespace"])
    if problems := [*_unsafe(root), *_backgrounds(root)]:
        raise _unusable(file, list(dict.fromkeys(problems)))
    return content, list(_hard_to_read(root))


def _unsafe(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        name = element.tag.removeprefix(_SVG)
        if name in _ACTIVE:
            yield f"it has a {name} element"
        styles = [element.text or ""] if name == "style" else []
        for key, value in element.attrib.items():
            local = key.rpartition("}")[2].lower()
            if local.startswith("on"):
                yield f"it has the event handler {local}"
            if local in {"href", "src"} and not value.strip().startswith(("#", "data:image/")):
                yield f"{name} refers to something outside the file"
            styles.append(value)
        if any(re.search(r"url\(\s*['\"]?(?!#)[^)]|@import", style) for style in styles):
            yield f"a style of {name} refers to something outside the file"


def _backgrounds(root: ET.Element) -> Iterator[str]:
    width, height = _size(root)
    for element in root.iter():
        name = element.tag.removeprefix(_SVG)
        if name not in _SHAPES or not width or not height:
            continue
        covers = (
            _length(element.get("width"), width) >= _FULL_SHARE * width
            and _length(element.get("height"), height) >= _FULL_SHARE * height
        )
        if covers and (name == "image" or _is_opaque(element)):
            yield f"a {name} covers all of it; mParticle asks for a transparent background"


def _is_opaque(element: ET.Element) -> bool:
    fill = _property(element, "fill") or "black"
    opacities = (_property(element, "opacity"), _property(element, "fill-opacity"))
    return fill not in {"none", "transparent"} and all(float(it or 1) > 0 for it in opacities)


def _hard_to_read(root: ET.Element) -> Iterator[str]:
    """Name the colours that do not stand out from white."""
    colours = {
        colour.lower()
        for element in root.iter()
        for colour in (_property(element, "fill"), _property(element, "stroke"))
        if colour
    }
    for colour in sorted(colours):
        contrast = _contrast_with_white(colour)
        if contrast is not None and contrast < _READABLE:
            yield f"{colour} is hard to see on white (contrast {contrast:.1f}, want {_READABLE:g})"


def _contrast_with_white(colour: str) -> float | None:
    names = {"white": "#ffffff", "yellow": "#ffff00", "silver": "#c0c0c0", "black": "#000000"}
    match = re.fullmatch(r"#([0-9a-f]{3}|[0-9a-f]{6})", names.get(colour, colour))
    if not match:
        return None
    digits = match[1] if len(match[1]) == 6 else "".join(digit * 2 for digit in match[1])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _property(element: ET.Element, name: str) -> str | None:
    match = re.search(rf"(?:^|;)\s*{name}\s*:\s*([^;]+)", element.get("style", ""))
    return match[1].strip() if match else element.get(name)


def _size(root: ET.Element) -> tuple[float, float]:
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    if len(box) == 4:
        return _length(box[2], 0), _length(box[3], 0)
    return _length(root.get("width"), 0), _length(root.get("height"), 0)


def _length(text: str | None, whole: float) -> float:
    match = re.match(r"\s*([0-9.]+)\s*(%?)", text or "")
    if not match:
        return 0.0
    return float(match[1]) * (whole / 100 if match[2] else 1)


def _unusable(file: Path, problems: list[str]) -> CommandError:
    return CommandError(
        "\n".join([f"--logo: {file} cannot be used:", *(f"  {problem}" for problem in problems)]),
        next_step="export it as a plain SVG without scripts, links and a background",
        exit_code=ExitCode.USAGE,
    )
