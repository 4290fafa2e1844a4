"""Text that must not reach a log: identity values and account settings are secret by type."""

from __future__ import annotations


class Secret:
    """Text that shows itself only on request.

    `reveal()` is the one way to read it. `repr`, `str`, f-strings and exception texts show stars.
    Secrets compare equal by their text, and an empty secret is false.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"Secret expects str, got {type(text).__name__}")
        self._text = text

    def reveal(self) -> str:
        """Return the text itself."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    def __str__(self) -> str:
        return "***"

    def __format__(self, spec: str) -> str:
        return format("***", spec)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return self._text == other._text if isinstance(other, Secret) else NotImplemented

    def __hash__(self) -> int:
        return hash((Secret, self._text))
