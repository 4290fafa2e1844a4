"""The project's pages in Markdown, which several tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = sorted((ROOT / "docs").rglob("*.md"))
"""What people read beside the README."""
TRANSCRIPT = ROOT / "tests" / "local" / "transcript" / "from-preflight-to-handoff.md"
"""What every operator command writes; `make transcript` writes it."""
PAGES = [*sorted(ROOT.glob("*.md")), *DOCS, TRANSCRIPT]
