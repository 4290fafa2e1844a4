"""How golden files are told from messages. Light, for pytest loads it with the plug-in."""

from __future__ import annotations

GOLDEN_ENDING = ".golden.json"
"""Of a file beside a message that says what should come of it."""
