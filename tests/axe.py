"""What axe-core finds wrong with a page for people who cannot see, hear or point well."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tests.browser import Page

_AXE = Path(__file__).parents[1] / "node_modules" / "axe-core" / "axe.min.js"
_RUN = """
axe.run({resultTypes: ["violations"]}).then((found) => found.violations.map(
  (it) => `${it.id}: ${it.help}: ${it.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`
))
"""


def violations(page: Page) -> list[str]:
    """Run every rule on the page as it is shown now; each violation in one line."""
    page.evaluate(_source())
    found: list[str] = page.evaluate(_RUN)
    return found


@cache
def _source() -> str:
    return _AXE.read_text(encoding="utf-8")
