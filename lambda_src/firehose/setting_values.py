"""Typed reading of the settings a customer entered; the wire carries all of them as text."""

from __future__ import annotations

from typing import Final, TypeAlias, TypeVar

from firehose.numeric import float_of, integer_of
from firehose.secret import Secret

Default = TypeVar("Default")

SettingValues: TypeAlias = dict[str, Secret | None]
"""Settings by id. Values are secret; see `Secret.reveal`."""


class _Required:
    """Stands for "no default": the setting must be there."""


REQUIRED: Final = _Required()


class SettingReaders:
    """Getters for one map of settings.

    Without a `default` the setting is required: missing or null raises a KeyError naming it.
    A value that is not a number raises a ValueError naming the setting, never its value.
    """

    __slots__ = ()

    def _settings(self) -> SettingValues:
        raise NotImplementedError  # each message that has settings says where it keeps them

    def text_setting(
        self, setting_id: str, default: Default | _Required = REQUIRED
    ) -> Secret | Default:
        """Return the text, still secret; empty text counts as present."""
        value = self._settings().get(setting_id)
        return _absent(setting_id, default) if value is None else value

    def integer_setting(
        self, setting_id: str, default: Default | _Required = REQUIRED
    ) -> int | Default:
        """Return a whole number: up to 30 digits with an optional sign, nothing else."""
        value = self._settings().get(setting_id)
        if value is None:
            return _absent(setting_id, default)
        try:
            return integer_of(value.reveal())
        except ValueError:
            raise ValueError(f"the setting {setting_id!r} is not a whole number") from None

    def float_setting(
        self, setting_id: str, default: Default | _Required = REQUIRED
    ) -> float | Default:
        """Return a number; blanks around it, exponents, `NaN` and `Infinity` are fine."""
        value = self._settings().get(setting_id)
        if value is None:
            return _absent(setting_id, default)
        try:
            return float_of(value.reveal().strip())
        except ValueError:
            raise ValueError(f"the setting {setting_id!r} is not a number") from None

    def boolean_setting(
        self, setting_id: str, default: Default | _Required = REQUIRED
    ) -> bool | Default:
        """Return True for "true" in any case, and False for every other text."""
        value = self._settings().get(setting_id)
        return _absent(setting_id, default) if value is None else value.reveal().lower() == "true"


def _absent(setting_id: str, default: Default | _Required) -> Default:
    if isinstance(default, _Required):
        raise KeyError(f"the setting {setting_id!r} is required and has no value")
    return default
