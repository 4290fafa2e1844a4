"""The partner's files: a logo from wherever, and deployment.toml as somebody typed it."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuzzing.mutation import OfText
from fuzzing.target import CANARY, FuzzTarget
from ops.handoff.drawn import Drawing, NotDrawableError
from ops.handoff.static_svg import NotStaticError, read_static
from plan.deployment import load
from plan.problems import DeploymentError

_ROOT = Path(__file__).parents[2]


def _logo(data: bytes) -> str:
    drawing = Drawing(read_static(data))
    return " ".join([*drawing.problems(), *drawing.warnings()]) or "taken"


_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 50">{}</svg>'
_SHAPES = (
    '<path d="M8 6 32 8l24 48z" fill="#1f4e8c" stroke="hsl(1 2% 3%)" stroke-width="2"/>',
    '<style>.a{fill:url(#g);opacity:50%}</style><circle class="a" cx="9" cy="9" r="8"/>',
    '<linearGradient id="g"><stop offset="1" stop-color="red"/></linearGradient>',
    '<rect width="9" height="9" rx="2" fill="url(#g)" transform="rotate(5) scale(2)"/>',
    '<symbol id="s"><ellipse rx="9" ry="3"/></symbol><use href="#s"/><text x="1">acme</text>',
    '<filter id="f"><feGaussianBlur stdDeviation="1"/><feOffset dx="1"/></filter>',
    '<mask id="m"><rect width="9" height="9" fill="#fff"/></mask><clipPath id="c"/>',
    '<g filter="url(#f)" mask="url(#m)" clip-path="url(#c)"><polygon points="1,2 3,4 5,9"/></g>',
)

LOGO = FuzzTarget(
    name="logo",
    run=_logo,
    documented=(NotStaticError, NotDrawableError),
    seeds=[_SVG.format(shape).encode() for shape in (*_SHAPES, "".join(_SHAPES))],
    mutator=OfText(
        "<g>", "</g>", '<use href="#s"/>', '<use href="#f"/>', "url(#m)", "url(#f)", "url(#c)",
        "1e9", "-1e9", "1e-9", "1e400", "NaN", "0", "100%", "</svg>", "<!--", "<![CDATA[", "]]>",
        "<?x?>", "@import 'a'", "\\75rl(a)", "transform", "filter", "mask", "id='s'", "scale(1e9)",
        "!important", "&#0;", "&amp;", "xmlns=''", "viewBox", "stdDeviation", "x", "width", "z",
    ),
)  # fmt: skip


def _deployment(data: bytes) -> str:
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        file.write(data)
        file.flush()
        return ", ".join(load(Path(file.name)).pods)


def _hidden(data: bytes) -> tuple[str, ...]:
    """Say whether the canary is a secret here: where all of it are values of variables."""
    try:
        hidden = sum(value.count(CANARY) for value in _variables(tomllib.loads(data.decode())))
    except (ValueError, RecursionError):
        return ()
    return (CANARY,) if hidden == data.count(CANARY.encode()) > 0 else ()


def _variables(content: Any) -> Iterator[str]:
    """Yield the values of variables; their names are no secrets."""
    for name, value in content.items() if isinstance(content, dict) else ():
        if name == "environment" and isinstance(value, dict):
            yield from map(str, value.values())
        else:
            yield from _variables(value)


_EVERY_TABLE = b"""
name = "acme"
pods = ["US1", "EU1"]
transports = ["lambda", "https"]
[processing]
events = "queued"
[function]
memory_mb = 1024
[accounts.EU1]
extra = ["123456789012"]
[regions.eu-central-1.environment]
A = "b"
"""

DEPLOYMENT_FILE = FuzzTarget(
    name="toml",
    run=_deployment,
    documented=(DeploymentError,),
    secrets=_hidden,
    seeds=[
        (_ROOT / "tests" / "fixtures" / "deployment.toml").read_bytes(),
        f'name = "acme"\n[environment]\nPARTNER_URL = "{CANARY}"\n'.encode(),
        _EVERY_TABLE,
    ],
    mutator=OfText(
        "environment", "[environment]\n", "[function]\n", "[[regions]]\n", "regions", "accounts",
        '"""', "'", "[", "]", "{", "}", "true", "nan", "-inf", "0x", "1e400", "9" * 5_000, "=", "#",
        "1979-05-27", "pods", "tags", "code", "queued", "US1", "memory_mb", "\n", "\\u0000", CANARY,
    ),
)  # fmt: skip
