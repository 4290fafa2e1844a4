"""What the package loads: msgspec and the standard library, and little of that."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import firehose

SCRIPT = """
import sys
import msgspec
before = set(sys.modules)
import firehose
from firehose import MessageProcessor, decode, encode
encode(decode('{"type":"event_processing_request","mpid":5}'))
print(*sorted(set(sys.modules) - before))
"""
ALLOWED = {
    *("math", "decimal", "_decimal", "numbers", "datetime", "fractions"),
    *("contextvars", "_contextvars"),
}


def test_reading_and_writing_load_msgspec_and_little_else() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c", SCRIPT], check=True, capture_output=True, text=True
    ).stdout.split()
    others = {name for name in loaded if name.partition(".")[0] not in {"firehose", "msgspec"}}
    assert others <= ALLOWED
    assert "firehose.registration_checks" not in loaded


def test_no_annotation_of_a_message_is_text_that_each_start_has_to_evaluate() -> None:
    models, found = [firehose.Model], []
    while models:
        model = models.pop()
        models += model.__subclasses__()
        hints = inspect.get_annotations(model)
        found += [f"{model.__name__}.{name}" for name in hints if isinstance(hints[name], str)]
    assert found == [], "its module has `from __future__ import annotations`: see `firehose.Model`"


def test_everything_public_is_importable() -> None:
    assert all(hasattr(firehose, name) for name in firehose.__all__)


def test_no_module_is_longer_than_250_lines() -> None:
    folder = Path(firehose.__file__).parent
    for path in folder.rglob("*.py"):
        if path.name != "__init__.py":
            assert len(path.read_text().splitlines()) <= 250, path.name
