"""Work that has a process of its own, so that what hangs there hangs nobody here."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence

import msgspec


def lines_of(arguments: Sequence[str], environment: Mapping[str, str]) -> Iterator[bytes]:
    """Run this Python with `-m` and arguments; give each line of its output when it comes.

    The last line is `{"ended": CODE, "said": TEXT}`, with what it wrote to standard error.
    Whoever stops reading ends it.
    """
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(  # noqa: S603 - this package
            [sys.executable, "-m", *arguments],
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as process:
            try:
                assert process.stdout  # noqa: S101 - it is a pipe
                yield from process.stdout
                code = process.wait()
            finally:
                process.kill()
        said.seek(0)
        text = said.read().decode(errors="replace")
        yield msgspec.json.encode({"ended": code, "said": text}) + b"\n"
