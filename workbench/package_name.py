"""The name of an integration's package, and the names that follow from it."""

from __future__ import annotations

import keyword
import re
import sys
from dataclasses import dataclass
from importlib.util import find_spec

from console.exit_codes import UsageError

_LONGEST = 24
"""So that no line of the example becomes longer than the house format allows."""


@dataclass(frozen=True, slots=True)
class PackageName:
    """The package of an integration, such as `acme_events`."""

    package: str

    @property
    def class_name(self) -> str:
        """Name of its class: `acme_events` gives `AcmeEvents`."""
        return "".join(part.capitalize() for part in self.package.split("_"))

    @property
    def domain_label(self) -> str:
        """Its name in a domain, which has no underscores."""
        return self.package.replace("_", "-")


def package_name(text: str) -> PackageName:
    """Check the name for a package.

    Raises `UsageError` for one that cannot be, with the nearest that can.
    Whatever Python could already import by that name would hide the package, or be hidden by it.
    """
    if allowed := _what_is_missed(text):
        raise UsageError(
            f"NAME: found {text}; allowed: {allowed}",
            next_step=f"choose another name: firehose new {_suggested(text) or 'NAME'}",
        )
    return PackageName(text)


def _what_is_missed(text: str) -> str:
    """Say what is allowed where a name is not; nothing for one that can be."""
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", text) or len(text) > _LONGEST:
        return f"1 to {_LONGEST} lower-case letters, digits and single underscores, a letter first"
    if keyword.iskeyword(text) or keyword.issoftkeyword(text):
        return "no word of the Python language"
    if text in sys.stdlib_module_names or find_spec(text) is not None:
        return f"no module that is there already, as {text} is"
    return ""


def _suggested(text: str) -> str:
    """Make a valid name of `My loyalty-app`: `my_loyalty_app`; nothing where none is near."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text).lower())
    near = "_".join(words).lstrip("0123456789_")[:_LONGEST].rstrip("_")
    names = (near, f"{near}_events") if near else ()
    return next((name for name in names if not _what_is_missed(name)), "")
