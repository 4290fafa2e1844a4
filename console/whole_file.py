"""Files that appear whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from pathlib import Path

from console.exit_codes import UsageError


def made_folder(folder: Path) -> Path:
    """Make a folder, and those above it, if it is not there; give it.

    Raises `UsageError` where it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be made: {error.strerror}",
            next_step="make room on the disk, and a folder there that may be written to",
        ) from None
    return folder


def write_whole(path: Path, content: str | bytes, *, mode: int = 0o644) -> None:
    """Put a file in place of what was there, in one step; `mode` says who may read it.

    Raises `UsageError` when the folder is missing or cannot be written to.
    """
    data = content.encode() if isinstance(content, str) else content
    scratch = ""
    try:
        descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(scratch).chmod(mode)
        Path(scratch).replace(path)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror}",
            next_step="make room, or name a place in a folder that exists and may be written to",
        ) from None
    finally:
        with suppress(OSError):
            Path(scratch).unlink()
