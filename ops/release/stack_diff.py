"""What `cdk diff` says about a stack: which resources change, and which do not survive it.

It has no output for programs; a line of it is `[~] TYPE PATH LOGICAL-ID EFFECT`, below it a tree of
properties. Values are left out here: they may be anybody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from console.marks import Mark

ChangeName = Literal["added", "changed", "removed"]

_CHANGES: dict[str, ChangeName] = {"+": "added", "~": "changed", "-": "removed"}
_RESOURCE = re.compile(
    r"\[([+~-])\] (?P<kind>\w+::\S+) (?:(?P<path>\S+) )?(?P<logical_id>[A-Za-z0-9]+)"
    r"(?: (?P<effect>replace|may be replaced|destroy|orphan|import))?"
)
_PROPERTY = re.compile(r" [├└]─ \[[+~-]\] (\w+)")
_EFFECTS = {"replace": "replaced", "destroy": "deleted", "orphan": "kept, out of the stack"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceChange:
    """One resource of a stack; `effect` is empty where it stays and is only changed in place."""

    change: ChangeName
    kind: str
    resource: str
    logical_id: str
    effect: str
    properties: list[str] = field(default_factory=list)

    @property
    def mark(self) -> Mark:
        """Bad where what was there is gone or another one afterwards."""
        if self.effect in {"replaced", "may be replaced", "deleted"}:
            return Mark.BAD
        return Mark.ATTENTION if self.change == "changed" else Mark.GOOD


def changes_in(text: str) -> list[ResourceChange]:
    """Read the resources of one stack out of what `cdk diff` wrote, in its order."""
    found: list[ResourceChange] = []
    for line in _resources(text):
        resource, changed = _RESOURCE.fullmatch(line), _PROPERTY.match(line)
        if resource:
            effect = resource["effect"] or ""
            found.append(
                ResourceChange(
                    change=_CHANGES[resource[1]],
                    kind=resource["kind"],
                    resource=resource["path"] or resource["logical_id"],
                    logical_id=resource["logical_id"],
                    effect=_EFFECTS.get(effect, effect),
                )
            )
        elif changed and found:
            found[-1].properties.append(changed[1])
    return found


def _resources(text: str) -> Iterator[str]:
    """Give the lines between two headings: those of the resources, and of outputs, which differ."""
    _, _, rest = text.partition("\nResources\n")
    for line in rest.splitlines():
        if line == "Other Changes":
            return
        yield line.rstrip()
