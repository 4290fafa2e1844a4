"""The partner's logo for mParticle: an SVG with a transparent background that is safe to show."""

from __future__ import annotations

from pathlib import Path

from console.exit_codes import UsageError
from ops.handoff.drawn import Drawing, NotDrawableError
from ops.handoff.static_svg import NotStaticError, read_static

LARGEST_BYTES = 512_000


def check_logo(file: Path) -> tuple[bytes, list[str]]:
    """Read a logo; give its bytes and warnings.

    Raises `UsageError` with all that makes it unusable: no SVG, more in it than a plain drawing
    needs, nothing to see, a background.
    """
    try:
        with file.open("rb") as stream:
            content = stream.read(LARGEST_BYTES + 1)
    except OSError as error:
        raise _unusable(file, [error.strerror or "it cannot be read"]) from None
    if len(content) > LARGEST_BYTES:
        raise _unusable(file, [f"it has more than {LARGEST_BYTES:,} bytes"])
    try:
        drawing = Drawing(read_static(content))
    except NotStaticError as error:
        raise _unusable(file, error.problems) from None
    except NotDrawableError as error:
        raise _unusable(file, [str(error)]) from None
    if problems := list(drawing.problems()):
        raise _unusable(file, problems)
    return content, list(drawing.warnings())


def _unusable(file: Path, problems: list[str]) -> UsageError:
    return UsageError(
        "\n".join([f"--logo: {file} cannot be used:", *(f"  {problem}" for problem in problems)]),
        next_step="export it as a plain SVG without scripts, links and a background",
    )
