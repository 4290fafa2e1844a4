"""The settings a registration asks customers to fill in."""

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, TypeAlias

from firehose.model import Integer, Model
from firehose.vocabulary import Vocabulary


class SettingType(Vocabulary):
    """The kinds of setting. Whatever the kind, the value arrives as text."""

    TEXT = "text"
    INTEGER = "integer"
    FLOAT = "float"
    BOOLEAN = "boolean"


class Setting(Model):
    """One field of the form customers see."""

    id: str
    """Key of the value in later messages; keep it stable, customers' values are stored under it."""
    name: str
    """The label."""
    description: str | None = None
    """Shown as a tooltip: short, without markup and links."""
    visible: bool = True
    """False hides the setting from customers."""

    def __post_init__(self) -> None:
        if not (self.id and self.name):
            raise ValueError("a setting needs an id and a name")


class TextSetting(Setting, tag=SettingType.TEXT.value):
    """A line of text. Credentials are required and confidential."""

    default_value: str | None = None
    required: bool = False
    confidential: bool = False
    """The value is masked once entered."""


class IntegerSetting(Setting, tag=SettingType.INTEGER.value):
    """A whole number."""

    default_value: Integer | None = None
    min_value: Integer | None = None
    max_value: Integer | None = None
    required: bool = False


class FloatSetting(Setting, tag=SettingType.FLOAT.value):
    """A number."""

    default_value: float | None = None
    min_value: float | None = None
    max_value: float | None = None
    required: bool = False


class BooleanSetting(Setting, tag=SettingType.BOOLEAN.value):
    """A check box. Set `checked` and `default_value` to the same value."""

    default_value: bool = False
    checked: bool = False


SETTINGS = (TextSetting, IntegerSetting, FloatSetting, BooleanSetting)

if TYPE_CHECKING:
    AnySetting: TypeAlias = Setting
else:
    # msgspec reads a closed union; people read the base class.
    AnySetting = reduce(or_, SETTINGS)
