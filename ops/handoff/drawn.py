"""What a logo looks like: drawn, and looked at pixel by pixel.

Only the picture tells whether there is a background: it may be a rect, a path, a style, a scaled
symbol or all of them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import cast

import resvg_py
from lxml import etree
from PIL import Image

_LONGEST_SIDE = 200
"""Pixels; enough to see a background, and drawn within milliseconds."""
_MOST_TIMES_LONGER = 20
_OPAQUE = 128
_FULL_SHARE = 0.98
"""A tile with round corners leaves more of it free."""
_WHITE = 250
_WHITE_SHARE = 0.5
_COLOUR_SHARE = 0.01
_READABLE = 3.0
"""The least contrast of graphics on white: WCAG 2.2, success criterion 1.4.11."""
_NUMBER = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(?:px|pt|mm|cm|in)?\s*")

_Colour = tuple[int, int, int]
_Pixel = tuple[int, int, int, int]


class NotDrawableError(Exception):
    """The file cannot be drawn; says why."""


class Drawing:
    """A logo as a picture, without text: which font shows it depends on who looks."""

    def __init__(self, root: etree._Element) -> None:
        """Draw it. Raises `NotDrawableError`."""
        width, height = _size(root)
        scale = _LONGEST_SIDE / max(width, height)
        try:
            png = resvg_py.svg_to_bytes(
                svg_string=etree.tostring(root, encoding="unicode"),
                width=max(1, round(width * scale)),
                height=max(1, round(height * scale)),
                skip_system_fonts=True,
            )
        except ValueError as error:
            raise NotDrawableError(f"it cannot be drawn: {error}") from None
        self._image = Image.open(io.BytesIO(png)).convert("RGBA")
        most = self._image.width * self._image.height
        counted = cast("list[tuple[int, _Pixel]]", self._image.getcolors(maxcolors=most))
        self._visible = {pixel: count for count, pixel in counted if pixel[3] >= _OPAQUE}
        self._area = most

    def problems(self) -> Iterator[str]:
        """Say why this is no logo on a transparent background."""
        if not self._visible:
            yield "nothing is visible in it; text counts only as outlines"
        elif sum(self._visible.values()) >= _FULL_SHARE * self._area:
            yield "a background covers all of it; mParticle asks for a transparent one"
        elif self._white_share() >= _WHITE_SHARE:
            yield "a white background covers most of it; mParticle asks for a transparent one"

    def warnings(self) -> Iterator[str]:
        """Name the colours that do not stand out from white."""
        whole = sum(self._visible.values())
        colours: dict[_Colour, int] = {}
        for (red, green, blue, _), count in self._visible.items():
            colours[red, green, blue] = colours.get((red, green, blue), 0) + count
        for colour, count in sorted(colours.items()):
            contrast = _contrast_with_white(colour)
            if count >= _COLOUR_SHARE * whole and contrast < _READABLE:
                shown = "#{:02x}{:02x}{:02x}".format(*colour)
                what = f"contrast {contrast:.1f}, want {_READABLE:g}"
                yield f"{shown} is hard to see on white ({what})"

    def _white_share(self) -> float:
        white = (count for pixel, count in self._visible.items() if min(pixel[:3]) >= _WHITE)
        return sum(white) / self._area


def _size(root: etree._Element) -> tuple[float, float]:
    """Give width and height in any one unit: what the file is drawn in, or how large it is."""
    box = re.split(r"[\s,]+", (root.get("viewBox") or "").strip()[:200])
    texts = box[2:] if len(box) == 4 else [root.get("width") or "", root.get("height") or ""]
    matches = [_NUMBER.fullmatch(text[:40]) for text in texts]
    width, height = (float(match[1]) if match else 0.0 for match in matches)
    if not width or not height:
        raise NotDrawableError("it has no size: neither a viewBox nor a width and a height")
    if max(width, height) > _MOST_TIMES_LONGER * min(width, height):
        raise NotDrawableError(f"it is more than {_MOST_TIMES_LONGER} times longer than wide")
    return width, height


def _contrast_with_white(colour: _Colour) -> float:
    red, green, blue = (_linear(channel / 255) for channel in colour)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
