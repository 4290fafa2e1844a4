"""Writes the transcript beside this file; with a folder's name, the hand-off there as well."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.local.transcript.play import play, write

played = play()
write(played)
for folder in map(Path, sys.argv[1:]):
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in played.handoff.items():
        (folder / name).write_bytes(content)
