"""A page as one HTML file: no script, nothing fetched, readable anywhere and printable."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined


def rendered(
    template: Path, content: Mapping[str, object], *, filters: Mapping[str, Callable[[Any], str]]
) -> str:
    """Render a template that extends `frame.html`.

    Every value is escaped; a missing one raises `jinja2.UndefinedError`.
    """
    environment = Environment(
        loader=FileSystemLoader([template.parent, Path(__file__).parent]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= filters
    return environment.get_template(template.name).render(content)
